import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ProfileDefinition } from '../config/deployment-profile';

/**
 * The API behind an API Gateway with API keys and rate limits, Aurora Serverless, seven years of logs and a daily restore drill.
 *
 * The comment of a line names its requirement. A requirement without a value for this profile gets the strictest value of the others.
 */
export const metered: ProfileDefinition = {
  name: 'metered',
  region: 'ap-southeast-1', // LOC-1
  naming: 'type-suffix', // LOC-2
  tags: { Environment: 'production', CostCenter: 'payments', ManagedBy: 'cdk' }, // LOC-3
  network: {
    availabilityZoneCount: 3, // NET-1
    subnetTiers: 'public-app-data', // NET-2
    egress: { kind: 'nat-gateways', count: 3 }, // NET-3
    functionPlacement: 'private-subnets', // NET-6
  },
  database: {
    kind: 'aurora-serverless', // DB-1
    engineVersion: '17.7',
    minCapacityAcu: 0.5,
    maxCapacityAcu: 2,
    readerCount: 2, // DB-2
    clientAuthentication: 'iam',
    credentials: { kind: 'rds-managed', rotationDays: 30 }, // DB-5
    deletionProtection: 'off', // DB-7
  },
  service: {
    image: 'built-from-source', // APP-1
    databaseConnectionsPerTask: 10,
    scaling: { memoryPercent: 80 }, // APP-3
  },
  deployment: {
    kind: 'code-deploy-blue-green', // APP-5
    trafficShift: { kind: 'linear', stepPercent: 10, stepMinutes: 1 },
  },
  ingress: { kind: 'api-gateway' }, // EDGE-1
  domain: { zone: 'existing', required: false },
  webAcl: { form: 'rules', requestsPerAddressPerFiveMinutes: 20_000 }, // EDGE-2
  apiGateway: {
    clients: { kind: 'api-key', requestsPerMinutePerKey: 1000 }, // EDGE-3
    requestsPerSecond: 1000,
    burst: 2000,
  },
  restoreDrill: { schedule: 'cron(0 3 * * ? *)' }, // BAK-1
  observability: {
    logRetentionDays: RetentionDays.SEVEN_YEARS, // OBS-1
    applicationLogArchive: { glacierAfterDays: 90, expireAfterDays: RetentionDays.SEVEN_YEARS }, // OBS-2
    tracing: { samplingPercent: 10 }, // OBS-4
    loadBalancerLogsInCloudWatch: false,
  },
};
