import type { App } from 'aws-cdk-lib';
import type { PlatformSettings } from './config/platform-settings';
import { NetworkStack } from './network/network-stack';
import { EdgeStack } from './edge/edge-stack';

/** The map of the platform: the five tiers in dependency order, each given the ones below that it uses. */
export function createPlatform(app: App, settings: PlatformSettings): void {
  const regions = [...new Set([settings.region, EdgeStack.regionOf(settings)])];
  new NetworkStack(app, 'Network', { settings, regions });
}
