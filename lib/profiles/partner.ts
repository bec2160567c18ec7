import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ProfileDefinition } from '../config/deployment-profile';

/**
 * The API for partners, who authenticate with client certificates. It has asynchronous payments, and documents that are replicated to a
 * second region. NAT instances replace NAT gateways.
 *
 * The comment of a line names its requirement. A requirement without a value for this profile gets the strictest value of the others.
 */
export const partner: ProfileDefinition = {
  name: 'partner',
  region: 'us-east-1', // LOC-1
  naming: 'type-purpose-suffix', // LOC-2
  tags: { Environment: 'production', CostCenter: 'payments', ManagedBy: 'cdk' }, // LOC-3
  network: {
    availabilityZoneCount: 3, // NET-1
    subnetTiers: 'public-app-data', // NET-2
    egress: { kind: 'nat-instances', instanceType: 't4g.small' }, // NET-3
    functionPlacement: 'outside-vpc',
  },
  database: {
    kind: 'aurora-provisioned', // DB-1
    engineVersion: '17.7',
    instanceType: 't4g.medium',
    readerCount: 2, // DB-1, DB-2
    clientAuthentication: 'iam', // DB-5
    credentials: { kind: 'rotation-function', rotationDays: 30 }, // DB-5
    deletionProtection: 'off', // DB-7
  },
  service: {
    image: 'built-from-source', // APP-1
    databaseConnectionsPerTask: 10,
    scaling: { memoryPercent: 80 }, // APP-3
  },
  deployment: {
    kind: 'code-deploy-blue-green', // APP-5
    trafficShift: { kind: 'canary', firstPercent: 10, bakeMinutes: 5 },
  },
  ingress: { kind: 'api-gateway' }, // EDGE-1
  domain: { zone: 'existing', required: true },
  webAcl: { form: 'rule-groups', requestsPerAddressPerFiveMinutes: 300_000 }, // EDGE-2
  apiGateway: {
    clients: { kind: 'mutual-tls' }, // EDGE-3
    requestsPerSecond: 1000,
    burst: 1000,
  },
  apiKeyRotationDays: 30, // DB-5
  paymentQueue: { maxReceiveCount: 5 }, // ASYNC-1
  documents: { replicaRegion: 'us-west-2', archiveAfterDays: 90, expireAfterDays: RetentionDays.SEVEN_YEARS }, // DOC-1
  observability: {
    logRetentionDays: RetentionDays.SEVEN_YEARS, // OBS-1
    loadBalancerLogsInCloudWatch: false,
  },
};
