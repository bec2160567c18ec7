import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { ComputeResources } from '../../lib/compute/compute-resources';
import { shareAbove } from '../../lib/constructs/service-level-indicator';
import type { DataResources, IPaymentsDatabase } from '../../lib/data/data-resources';
import { iamLogin } from '../../lib/data/database/iam-login';
import type { EdgeResources } from '../../lib/edge/edge-resources';
import type { NetworkResources } from '../../lib/network/network-resources';
import { vpcFunctions } from '../../lib/network/vpc-functions';

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-south-2:111122223333:${resource}`;
const metric = (metricName: string) => new Metric({ namespace: 'Fake', metricName });

/** A fake of the network tier. */
export function fakeNetwork(parent: Construct): NetworkResources {
  const scope = new Construct(parent, 'FakeNetwork');
  const subnetIds = (tier: string) => ['1', '2', '3'].map((zone) => `subnet-${tier}${zone}`.padEnd(24, '0'));
  const routeTableIds = (tier: string) => ['1', '2', '3'].map((zone) => `rtb-${tier}${zone}`.padEnd(21, '0'));
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    vpcCidrBlock: '10.0.0.0/16',
    availabilityZones: ['eu-south-2a', 'eu-south-2b', 'eu-south-2c'],
    publicSubnetIds: subnetIds('a'),
    privateSubnetIds: subnetIds('b'),
    isolatedSubnetIds: subnetIds('c'),
    publicSubnetRouteTableIds: routeTableIds('a'),
    privateSubnetRouteTableIds: routeTableIds('b'),
    isolatedSubnetRouteTableIds: routeTableIds('c'),
  });
  const group = (id: string, groupId: string) =>
    SecurityGroup.fromSecurityGroupId(scope, id, groupId, { mutable: false });
  return {
    alarms: [],
    vpc,
    publicSubnets: { subnets: vpc.publicSubnets },
    appSubnets: { subnets: vpc.privateSubnets },
    dataSubnets: { subnets: vpc.isolatedSubnets },
    securityGroups: {
      loadBalancer: group('LoadBalancerGroup', 'sg-0123456789abcdef1'),
      tasks: group('TasksGroup', 'sg-0123456789abcdef2'),
      database: group('DatabaseGroup', 'sg-0123456789abcdef3'),
      vpcLink: group('VpcLinkGroup', 'sg-0123456789abcdef5'),
      restoredDatabase: group('RestoredDatabaseGroup', 'sg-0123456789abcdef6'),
      functions: new Map(
        // Without the group that places functions of AWS APIs in the VPC: profiles do so by choice.
        vpcFunctions
          .filter(({ purpose }) => purpose !== 'aws-api')
          .map(({ purpose }, index) => [purpose, group(`${purpose}Group`, `sg-0123456789abcde${index}f`)]),
      ),
    },
  };
}

/** A fake of the data tier. */
export function fakeData(parent: Construct): DataResources {
  const scope = new Construct(parent, 'FakeData');
  const administratorSecret = Secret.fromSecretCompleteArn(
    scope,
    'Secret',
    arn('secretsmanager', 'secret:admin-AbCdEf'),
  );
  const database: IPaymentsDatabase = {
    host: 'database.cluster-abc.eu-south-2.rds.amazonaws.com',
    readerHost: 'database.cluster-ro-abc.eu-south-2.rds.amazonaws.com',
    port: 5432,
    databaseName: 'payments',
    administratorSecret,
    administratorLogin: 'payments_admin',
    restorable: undefined,
    metrics: {
      connections: metric('DatabaseConnections'),
      cpuPercent: metric('CPUUtilization'),
      freeableMemoryBytes: metric('FreeableMemory'),
    },
    alarms: [],
    grantConnect: (grantee, login) => {
      Grant.addToPrincipal({
        grantee,
        actions: ['rds-db:connect'],
        resourceArns: [arn('rds-db', `dbuser:cluster-FAKE/${login}`)],
      });
    },
    grantAdminister: (grantee) => {
      administratorSecret.grantRead(grantee);
    },
  };
  return {
    database,
    apiLogin: iamLogin(database),
    documents: undefined,
    alarms: [],
    secretsKey: Key.fromKeyArn(scope, 'Key', arn('kms', 'key/00000000-0000-4000-8000-000000000000')),
  };
}

/** A fake of the compute tier. */
export function fakeCompute(parent: Construct): ComputeResources {
  const scope = new Construct(parent, 'FakeCompute');
  return {
    origin: {
      host: 'alb.eu-south-2.elb.amazonaws.com',
      protocol: 'http',
      secretHeader: {
        name: 'x-origin-verify',
        secret: Secret.fromSecretCompleteArn(scope, 'Secret', arn('secretsmanager', 'secret:origin-AbCdEf')),
      },
      isPublic: false,
      loadBalancerArn: arn('elasticloadbalancing', 'loadbalancer/app/alb/0123456789abcdef'),
    },
    metrics: {
      requestCount: metric('RequestCount'),
      serverErrorPercent: metric('ServerErrorPercent'),
      severalServerErrorsPercent: metric('SeveralServerErrorsPercent'),
      failedRequests: { badEvents: 'bad', events: 'all', metrics: { bad: metric('Bad'), all: metric('All') } },
      slowRequests: shareAbove('responseTime', metric('TargetResponseTime'), 1),
      latencySeconds: { p50: metric('P50'), p90: metric('P90'), p99: metric('P99') },
      runningTasks: metric('RunningTaskCount'),
      desiredTasks: metric('DesiredTaskCount'),
      healthyHosts: metric('HealthyHostCount'),
      unhealthyHosts: metric('UnHealthyHostCount'),
      cpuPercent: metric('CPUUtilization'),
      memoryPercent: metric('MemoryUtilization'),
    },
    canaryKey: undefined,
    applicationLogs: { api: 'api-log-group-test1', migration: 'migration-log-group-test1' },
    queueMetrics: {
      waiting: metric('ApproximateNumberOfMessagesVisible'),
      inFlight: metric('ApproximateNumberOfMessagesNotVisible'),
      oldestSeconds: metric('ApproximateAgeOfOldestMessage'),
      deadLetters: metric('DeadLetters'),
    },
    alarms: [],
    alarmArns: [],
    rollbackAlarms: [Alarm.fromAlarmName(scope, 'Alarm', 'rollback-alarm-test1')],
  };
}

/** A fake of the edge tier. */
export function fakeEdge(): EdgeResources {
  return {
    url: 'https://d111111abcdef8.cloudfront.net',
    canaryGatewayKeyId: undefined,
    alarmArns: [],
    metrics: {
      requests: metric('Requests'),
      serverErrorPercent: metric('5xxErrorRate'),
      clientErrorPercent: metric('4XXError'),
      latencyP99Seconds: metric('Latency'),
      blockedRequests: [metric('BlockedRequests')],
    },
  };
}
