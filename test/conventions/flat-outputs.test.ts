import type { ProfileName } from '../../lib/config/deployment-profile';
import { profiles } from '../../lib/profiles';
import { flatOutputs } from '../../lib/conventions/flat-outputs';
import { profileContexts } from '../support/profile-contexts';
import { testPlatform, tiers } from '../support/test-platform';

test('the id of the stack and that of the output are one name, sorted, under either pattern of names', () => {
  const outputs = { Url: 'https://x', PublishOutputRefVpc8378EB38: 'vpc-1' };
  for (const name of ['edge-stack-pr123', 'stack-edge-pr123', 'edge-stack-stack-data', 'stack-edge-edge-stack']) {
    expect(flatOutputs({ [name]: outputs })).toEqual({ EdgeUrl: 'https://x' });
  }
  expect(
    Object.keys(
      flatOutputs({ 'edge-stack-a': { Url: '1' }, 'data-stack-a': { Z: '2', A: '3' }, 'network-stack-a': {} }),
    ),
  ).toEqual(['DataA', 'DataZ', 'EdgeUrl']);
});

test('a stack of something else is refused, not mixed in', () => {
  expect(() => flatOutputs({ CDKToolkit: { BucketName: 'b' } })).toThrow("'CDKToolkit' of the outputs file");
});

const documented = [
  'ComputeLoadBalancerAdmitsEverybody',
  'ComputeLoadBalancerDnsName',
  'ComputeMinTasks',
  'ComputeRegion',
  'ComputeStackName',
  'DataDatabaseDeletionProtection',
  'DataDatabaseEndpoint',
  'DataRegion',
  'DataStackName',
  'EdgeApiUrl',
  'EdgeRegion',
  'EdgeStackName',
  'EdgeUrl',
  'NetworkRegion',
  'NetworkStackName',
  'ObservabilityAlarmTopicArn',
  'ObservabilityDashboardUrl',
  'ObservabilityLogRetentionDays',
  'ObservabilityRegion',
  'ObservabilityStackName',
];

test.each(Object.entries(profileContexts))('%s: the documented names stand, and no others', (profile, context) => {
  const { stacks, templates } = testPlatform(context);
  const outputs = tiers.map((tier) => {
    const { Outputs = {} } = templates[tier].template.toJSON() as { Outputs?: Record<string, unknown> };
    return [stacks[tier].stackName, Object.fromEntries(Object.keys(Outputs).map((name) => [name, 'value']))] as const;
  });
  expect(Object.keys(flatOutputs(Object.fromEntries(outputs)))).toEqual(
    [...documented, ...(profiles[profile as ProfileName].apiGateway ? ['EdgeApiKeyId'] : [])].sort(),
  );
});
