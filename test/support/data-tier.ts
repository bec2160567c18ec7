import { Stack } from 'aws-cdk-lib';
import { DataStack } from '../../lib/data/data-stack';
import { fakeNetwork } from './fake-tiers';
import { testApp, testSettings } from './test-app';

/** The whole data tier on a fake network, as `-c key=value` would synthesize it. */
export function dataTier(context: Record<string, unknown> = {}): DataStack {
  const app = testApp();
  const below = new Stack(app, 'Below', { env: { region: 'eu-south-2' } });
  return new DataStack(app, 'Data', { settings: testSettings(context), network: fakeNetwork(below) });
}
