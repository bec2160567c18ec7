import { NetworkStack } from '../../lib/network/network-stack';
import { testApp, testSettings } from './test-app';

/** The whole network tier, as `-c key=value` would synthesize it. */
export function networkTier(context: Record<string, unknown> = {}): NetworkStack {
  return new NetworkStack(testApp(), 'Network', {
    settings: testSettings(context),
    regions: ['eu-south-2', 'us-east-1'],
  });
}
