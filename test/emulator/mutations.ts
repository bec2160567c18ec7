import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { PutPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import type { FlatOutputs } from '../integration/flat-outputs';

/** A change with its revert function. */
export type Made = Promise<() => Promise<unknown>>;

/** A change outside CloudFormation, and the integration test that must report it. */
export interface Mutation {
  readonly test: RegExp;
  readonly says: RegExp;
  /** Makes the change. @returns a function that reverts it */
  readonly make: () => Made;
}

/** Client configuration for the emulator. */
export interface Access {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Changes of the environment with this suffix. */
export type MutationsOf = (suffix: string, outputs: FlatOutputs, access: Access) => readonly Mutation[];

/** Changes of resources of every profile, each in the region of the resource. */
export const flagshipMutations: MutationsOf = (suffix, outputs, access) => {
  const home = { region: outputs.ComputeRegion, ...access };
  const edge = { region: outputs.EdgeRegion, ...access, forcePathStyle: true };
  return [
    {
      test: /^alarms tell their topic$/,
      says: /api-latency-alarm-\S+ does not notify/,
      make: async () => alarmWithoutActions(new CloudWatchClient(home), `api-latency-alarm-${suffix}`),
    },
    {
      test: /^log groups are encrypted/,
      says: /api-log-group-\S+ is kept 1 days/,
      make: async () => {
        const logs = new CloudWatchLogsClient(home);
        const keep = async (retentionInDays: number) =>
          logs.send(new PutRetentionPolicyCommand({ logGroupName: `api-log-group-${suffix}`, retentionInDays }));
        await keep(1);
        return () => keep(outputs.ObservabilityLogRetentionDays);
      },
    },
    {
      test: /^buckets are private/,
      says: /site-bucket-\S+ does not BlockPublicPolicy/,
      make: async () => {
        const buckets = new S3Client(edge);
        const block = async (all: boolean) =>
          buckets.send(
            new PutPublicAccessBlockCommand({
              Bucket: `site-bucket-${suffix}-123456789012`,
              PublicAccessBlockConfiguration: {
                BlockPublicAcls: true,
                BlockPublicPolicy: all,
                IgnorePublicAcls: true,
                RestrictPublicBuckets: true,
              },
            }),
          );
        await block(false);
        return () => block(true);
      },
    },
    {
      test: /^the database is encrypted/,
      says: /deletion protection is true, not false/,
      make: async () => {
        const databases = new RDSClient(home);
        const protect = async (DeletionProtection: boolean) =>
          databases.send(
            new ModifyDBClusterCommand({
              DBClusterIdentifier: `database-${suffix}`,
              DeletionProtection,
              ApplyImmediately: true,
            }),
          );
        await protect(true);
        return () => protect(false);
      },
    },
    {
      test: /^the service is steady/,
      says: /wants 1 tasks, fewer than the minimum/,
      make: async () => tasks(new ECSClient(home), suffix, outputs.ComputeMinTasks),
    },
    {
      test: /^the load balancer refuses/,
      says: /no target group has/,
      make: async () => tasks(new ECSClient(home), suffix, outputs.ComputeMinTasks),
    },
  ];
};

async function tasks(containers: ECSClient, suffix: string, before: number): Made {
  const scale = async (desiredCount: number) =>
    containers.send(
      new UpdateServiceCommand({ cluster: `cluster-${suffix}`, service: `api-service-${suffix}`, desiredCount }),
    );
  await scale(1);
  return () => scale(before);
}

async function alarmWithoutActions(alarms: CloudWatchClient, name: string): Made {
  const { MetricAlarms: [alarm] = [] } = await alarms.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  if (!alarm) throw new Error(`There is no alarm ${name}.`);
  const {
    ComparisonOperator: comparison,
    EvaluationPeriods: periods,
    AlarmArn: _,
    AlarmConfigurationUpdatedTimestamp: __,
    ...rest
  } = alarm;
  const put = async (AlarmActions: string[] | undefined) =>
    alarms.send(
      new PutMetricAlarmCommand({
        ...rest,
        AlarmName: name,
        ComparisonOperator: comparison,
        EvaluationPeriods: periods,
        AlarmActions,
      }),
    );
  await put([]);
  return () => put(alarm.AlarmActions);
}
