import type { Assembly, AssemblyResource } from '../assembly';
import { attributesAt, isClusterMember, listAt, property, shown, valueAt } from '../property-access';
import { textOf } from '../values';
import { type Claim, forEach } from './claim';
import { receivesAccessLogs } from './encryption-claims';

/** PCI DSS asks for twelve months of audit logs. */
const yearOfDays = 365;

function bucketExpiry(bucket: AssemblyResource): number {
  const days = listAt(bucket.properties, 'LifecycleConfiguration.Rules').map((rule) =>
    Number(valueAt(rule, 'ExpirationInDays') ?? Infinity),
  );
  return Math.min(Infinity, ...days);
}

/** Whether a load balancer, a distribution or a stage writes access logs. */
function accessLogOf(entrance: AssemblyResource, assembly: Assembly): string | undefined {
  switch (entrance.type) {
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return textOf(attributesAt(entrance, 'LoadBalancerAttributes')['access_logs.s3.enabled'] ?? '') === 'true'
        ? 'access logs to S3'
        : undefined;
    case 'AWS::ApiGateway::Stage':
      return property(entrance, 'AccessLogSetting.DestinationArn') === undefined
        ? undefined
        : shown(entrance, 'AccessLogSetting.DestinationArn');
    default: {
      const [source] = assembly.referrersOf(entrance.key, 'AWS::Logs::DeliverySource');
      const isClassic = property(entrance, 'DistributionConfig.Logging.Bucket') !== undefined;
      return source ? `delivered by ${source.key}` : isClassic ? 'access logs to S3' : undefined;
    }
  }
}

/** Claims about logs and alarms. */
export const loggingClaims: readonly Claim[] = [
  {
    id: 'traffic-logged',
    requirements: ['10.2.1'],
    statement: 'Flow logs record all traffic of each VPC.',
    subject: 'VPCs',
    examine: forEach(['AWS::EC2::VPC'], (vpc, assembly) => {
      const logs = assembly
        .referrersOf(vpc.key, 'AWS::EC2::FlowLog')
        .filter((log) => property(log, 'TrafficType') === 'ALL');
      return {
        holds: logs.length > 0,
        detail: logs.length > 0 ? `recorded by ${logs.map(({ key }) => key).join(', ')}` : 'no flow log of all traffic',
      };
    }),
  },
  {
    id: 'requests-logged',
    requirements: ['10.2.1', '10.2.2'],
    statement: 'Each load balancer, distribution and API Gateway writes access logs.',
    subject: 'load balancers, distributions and API stages',
    examine: forEach(
      ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::CloudFront::Distribution', 'AWS::ApiGateway::Stage'],
      (entrance, assembly) => {
        const log = accessLogOf(entrance, assembly);
        return { holds: log !== undefined, detail: log ?? 'no access log' };
      },
    ),
  },
  {
    id: 'blocked-requests-logged',
    requirements: ['10.2.1', '10.4.1'],
    statement: 'Each web ACL logs its decisions, without credentials.',
    subject: 'web ACLs',
    operator: 'Review the logs, or alarm on what they count.',
    examine: forEach(['AWS::WAFv2::WebACL'], (webAcl, assembly) => {
      const [log] = assembly.referrersOf(webAcl.key, 'AWS::WAFv2::LoggingConfiguration');
      const redacted = log
        ? listAt(log.properties, 'RedactedFields').map((field) =>
            textOf(valueAt(field, 'SingleHeader.Name') ?? '').toLowerCase(),
          )
        : [];
      const hidden = ['authorization', 'cookie'].every((name) => redacted.includes(name));
      return {
        holds: log !== undefined && hidden,
        detail: log ? `${log.key}, redacts ${redacted.join(', ') || 'nothing'}` : 'no logging configuration',
      };
    }),
  },
  {
    id: 'containers-logged',
    requirements: ['10.2.1'],
    statement: 'Each container writes its log to CloudWatch Logs.',
    subject: 'task definitions',
    examine: forEach(['AWS::ECS::TaskDefinition'], (task) => {
      const drivers = listAt(task.properties, 'ContainerDefinitions').map((container) =>
        textOf(valueAt(container, 'LogConfiguration.LogDriver') ?? 'no log driver'),
      );
      return {
        holds: drivers.length > 0 && drivers.every((driver) => driver === 'awslogs'),
        detail: drivers.join(', '),
      };
    }),
  },
  {
    id: 'functions-logged',
    requirements: ['10.2.1'],
    statement: 'Each function writes its log to a log group of the platform, whose key and retention are set.',
    subject: 'functions',
    examine: forEach(['AWS::Lambda::Function'], (fn, assembly) => {
      const group = assembly.target(property(fn, 'LoggingConfig.LogGroup'));
      return { holds: group?.type === 'AWS::Logs::LogGroup', detail: shown(fn, 'LoggingConfig.LogGroup') };
    }),
  },
  {
    id: 'database-logged',
    requirements: ['10.2.1', '10.2.1.2'],
    statement: 'Each database exports its log, which records connections and changes of the schema.',
    subject: 'databases',
    examine: forEach(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'], (database, assembly) => {
      if (isClusterMember(database)) return undefined;
      const path = database.type === 'AWS::RDS::DBCluster' ? 'DBClusterParameterGroupName' : 'DBParameterGroupName';
      const parameters = (assembly.target(property(database, path))?.properties['Parameters'] ?? {}) as Readonly<
        Record<string, unknown>
      >;
      const exports = listAt(database.properties, 'EnableCloudwatchLogsExports').map((name) => textOf(name));
      const connections = textOf(parameters['log_connections'] ?? 'not set');
      const statements = textOf(parameters['log_statement'] ?? 'none');
      return {
        holds: exports.includes('postgresql') && connections === '1' && statements !== 'none',
        detail: `exports ${exports.join(', ') || 'nothing'}, log_connections: ${connections}, log_statement: ${statements}`,
      };
    }),
  },
  {
    id: 'logs-kept-a-year',
    requirements: ['10.5.1'],
    statement: 'Audit logs are kept for at least twelve months.',
    subject: 'log groups and buckets of access logs',
    examine: forEach(['AWS::Logs::LogGroup', 'AWS::S3::Bucket'], (store, assembly) => {
      if (store.type === 'AWS::S3::Bucket' && !receivesAccessLogs(store, assembly)) return undefined;
      const days =
        store.type === 'AWS::S3::Bucket' ? bucketExpiry(store) : Number(property(store, 'RetentionInDays') ?? Infinity);
      return { holds: days >= yearOfDays, detail: Number.isFinite(days) ? `${days} days` : 'without end' };
    }),
  },
  {
    id: 'logs-archived',
    requirements: ['10.3.2', '10.3.3'],
    statement: 'Application logs are copied to a bucket that keeps all versions of its objects.',
    subject: 'buckets that a delivery stream fills',
    operator: 'Copy the other logs to another account.',
    examine: forEach(['AWS::S3::Bucket'], (bucket, assembly) => {
      if (assembly.referrersOf(bucket.key, 'AWS::KinesisFirehose::DeliveryStream').length === 0) return undefined;
      return {
        holds: property(bucket, 'VersioningConfiguration.Status') === 'Enabled',
        detail: shown(bucket, 'VersioningConfiguration.Status'),
      };
    }),
  },
  {
    id: 'alarms-reach-someone',
    requirements: ['10.4.1.1', '10.7.2', '12.10.5'],
    statement: 'Each alarm notifies a topic, acts by itself or is part of an alarm that does.',
    subject: 'alarms',
    operator: 'Subscribe people to the topic, and answer alarms by the runbook.',
    examine: forEach(['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'], (alarm, assembly) => {
      const acts = (candidate: AssemblyResource) =>
        listAt(candidate.properties, 'AlarmActions').length > 0 && property(candidate, 'ActionsEnabled') !== false;
      const parents = assembly.referrersOf(alarm.key, 'AWS::CloudWatch::CompositeAlarm').filter(acts);
      const holds = acts(alarm) || parents.length > 0;
      return {
        holds,
        detail: acts(alarm)
          ? shown(alarm, 'AlarmActions')
          : parents.length > 0
            ? `part of ${parents.map(({ key }) => key).join(', ')}`
            : 'no action',
      };
    }),
  },
];
