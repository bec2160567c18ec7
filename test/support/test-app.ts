import { App, type AppProps } from 'aws-cdk-lib';
import { loadSettings } from '../../lib/config/load-settings';
import type { PlatformSettings } from '../../lib/config/platform-settings';
import { PlatformStack } from '../../lib/core/platform-stack';
import { profiles } from '../../lib/profiles';
import cdkJson from '../../cdk.json';

/** The suffix of every environment under test. */
const suffix = 'test1';

/**
 * An app with the feature flags of `cdk.json`.
 *
 * Without CDK's CloudFormation validation, which costs seconds a process; the synthesis test runs it on the whole platform.
 */
export function testApp(props: AppProps = {}): App {
  const fixed = { context: cdkJson.context, builtinCloudFormationValidation: false, analyticsReporting: false };
  return new App({ ...fixed, ...props });
}

/** Settings as `-c key=value` would give them. */
export function testSettings(context: Record<string, unknown> = {}): PlatformSettings {
  return loadSettings({ context: { environmentSuffix: suffix, ...context }, profiles, cliAccount: undefined });
}

/** A stack with the conventions of every tier, for tests of one construct. */
export class TestStack extends PlatformStack {
  constructor(context: Record<string, unknown> = {}, region?: string) {
    super(testApp(), 'Test', { settings: testSettings(context) }, { tier: 'test', description: 'Test', region });
  }
}
