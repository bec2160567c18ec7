import type { ProfileName } from '../../lib/config/deployment-profile';
import { profiles } from '../../lib/profiles/index';
import { flatOutputs } from '../../lib/core/flat-outputs';
import { profileContexts } from '../support/profile-contexts';
import { testPlatform } from '../support/test-platform';

test('joins stack id and output key, sorted, with both naming patterns', () => {
  const outputs = { Url: 'https://x', PublishOutputRefVpc8378EB38: 'vpc-1', ExportsOutputRefVpc8378EB38: 'vpc-1' };
  for (const name of ['edge-stack-pr123', 'stack-edge-pr123', 'edge-stack-stack-data', 'stack-edge-edge-stack']) {
    expect(flatOutputs({ [name]: outputs })).toEqual({ EdgeUrl: 'https://x' });
  }
  expect(
    Object.keys(
      flatOutputs({ 'edge-stack-a': { Url: '1' }, 'data-stack-a': { Z: '2', A: '3' }, 'network-stack-a': {} }),
    ),
  ).toEqual(['DataA', 'DataZ', 'EdgeUrl']);
});

test('refuses a stack of another app', () => {
  expect(() => flatOutputs({ CDKToolkit: { BucketName: 'b' } })).toThrow(
    "The outputs file names the stack 'CDKToolkit'",
  );
});

const documented = [
  'ComputeApiLogGroupName',
  'ComputeClusterName',
  'ComputeCodeDeployApplicationName',
  'ComputeDeploymentGroupName',
  'ComputeFirstApiKeySecretArn',
  'ComputeLoadBalancerAdmitsEverybody',
  'ComputeLoadBalancerDnsName',
  'ComputeMinTasks',
  'ComputeOperatorKeySecretArn',
  'ComputeRegion',
  'ComputeServiceName',
  'ComputeStackName',
  'DataDatabaseDeletionProtection',
  'DataDatabaseEndpoint',
  'DataRegion',
  'DataStackName',
  'EdgeAlarmTopicArn',
  'EdgeApiUrl',
  'EdgeAvailabilityProbeLogGroupName',
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

/** Where a profile has them. */
const ofSatellites: Readonly<Record<string, readonly string[]>> = {
  replica: ['ReplicaAlarmTopicArn', 'ReplicaRegion', 'ReplicaStackName'],
};

test.each(Object.entries(profileContexts))('%s: has exactly the documented outputs', (profile, context) => {
  const { all } = testPlatform(context);
  const outputs = all.map(({ stackName, resources }) => {
    const { Outputs = {} } = resources.template.toJSON() as { Outputs?: Record<string, unknown> };
    return [stackName, Object.fromEntries(Object.keys(Outputs).map((name) => [name, 'value']))] as const;
  });
  const {
    apiGateway,
    apiKeyRotationDays,
    restoreDrill,
    database,
    documents,
    ingress,
    network,
    observability,
    paymentQueue,
    site,
  } = profiles[profile as ProfileName];
  const expected = [
    ...documented,
    ...(apiGateway
      ? ['EdgeApiKeyId', 'EdgeApiKeyRequestsPerMinute', 'EdgeRestApiExecutionLogGroupName', 'EdgeVpcLinkId']
      : []),
    ...(ingress.kind === 'cloudfront' ? [] : ['EdgeApiWebAclLogGroupName']),
    ...(site || apiGateway ? ['EdgeEdgeWebAclLogGroupName'] : []),
    ...(network.egress.kind === 'nat-instances' ? ['NetworkAlarmTopicArn'] : []),
    ...(restoreDrill
      ? [
          'DataRestoreDrillCluster',
          'DataRestoreDrillInstance',
          'DataRestoreDrillScheduleName',
          'DataRestoreDrillStateMachineArn',
        ]
      : []),
    ...(database.credentials.kind === 'connection-string' ? ['DataConnectionStringRotationLogGroupName'] : []),
    ...(database.credentials.kind === 'rotation-function'
      ? ['DataAdministratorSecretArn', 'DataCredentialRotationLogGroupName']
      : []),
    ...(apiKeyRotationDays === undefined ? [] : ['ComputeApiKeyRotationLogGroupName']),
    ...(documents ? ['DataDocumentBucketName'] : []),
    ...(observability.loadBalancerLogsInCloudWatch
      ? [
          'ComputeAccessLogForwardingDeadLetterQueueUrl',
          'ComputeAccessLogForwardingFunctionName',
          'ComputeAccessLogForwardingLogGroupName',
          'ComputeAccessLogGroupName',
        ]
      : []),
    ...(observability.applicationLogArchive
      ? ['ObservabilityLogArchiveBucketName', 'ObservabilityLogArchiveDays', 'ObservabilityLogArchiveLogGroupName']
      : []),
    ...(paymentQueue
      ? ['ComputePaymentConsumerLogGroupName', 'ComputePaymentDeadLetterQueueUrl', 'ComputePaymentQueueUrl']
      : []),
    ...all.flatMap(({ tier }) => ofSatellites[tier] ?? []),
  ].sort();
  expect(Object.keys(flatOutputs(Object.fromEntries(outputs)))).toEqual(expected);
});
