import { Stack } from 'aws-cdk-lib';
import { EdgeStack } from '../../lib/edge/edge-stack';
import { fakeCompute, fakeNetwork } from './fake-tiers';
import { testApp, testSettings } from './test-app';
import { siteDirectory } from './test-platform';
import type { ComputeResources } from '../../lib/compute/compute-resources';

/** The whole edge tier on fakes of the tiers below, as `-c key=value` would synthesize it. */
export function edgeTier(
  context: Record<string, unknown> = {},
  origin: Partial<ComputeResources['origin']> = {},
): EdgeStack {
  const app = testApp();
  const settings = testSettings(context);
  const below = new Stack(app, 'Below', { env: { region: settings.region } });
  const compute = fakeCompute(below);
  return new EdgeStack(app, 'Edge', {
    settings,
    network: fakeNetwork(below),
    compute: { ...compute, origin: { ...compute.origin, ...origin } },
    siteDirectory,
  });
}
