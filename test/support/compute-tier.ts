import { Stack } from 'aws-cdk-lib';
import { ComputeStack } from '../../lib/compute/compute-stack';
import { fakeData, fakeNetwork } from './fake-tiers';
import { testApp, testSettings } from './test-app';

/** The whole compute tier on fakes of the tiers below, with an existing image, as `-c key=value` would synthesize it. */
export function computeTier(context: Record<string, unknown> = {}): ComputeStack {
  const app = testApp();
  const below = new Stack(app, 'Below', { env: { region: 'eu-south-2' } });
  const settings = testSettings({ imageRepositoryName: 'payments-api', imageTag: '1.0.0', ...context });
  return new ComputeStack(app, 'Compute', { settings, network: fakeNetwork(below), data: fakeData(below) });
}

/** Context with which the load balancer has a certificate. */
export const ownDomain = { domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABC' };
