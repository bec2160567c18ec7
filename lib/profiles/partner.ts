import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { DeploymentProfile } from '../config/deployment-profile';

/**
 * The API of partners, who prove themselves by client certificates: payments may be processed later, from a queue, and have documents,
 * which are kept in a second region too. No NAT gateway.
 *
 * Each line names the requirement cell it serves; a cell without a value in this profile takes the strongest value of its row.
 */
export const partner: DeploymentProfile = {
  name: 'partner',
  region: 'us-east-1', // LOC-1
  naming: 'type-purpose-suffix', // LOC-2
  tags: { Environment: 'production', CostCenter: 'payments', ManagedBy: 'cdk' }, // LOC-3
  network: {
    cidr: '10.0.0.0/16',
    availabilityZoneCount: 3, // NET-1
    subnetTiers: 'public-app-data', // NET-2
    egress: { kind: 'nat-instances', instanceType: 't4g.small' }, // NET-3
    privateEndpoints: true, // NET-4
    functionPlacement: 'outside-vpc',
  },
  database: {
    kind: 'aurora-provisioned', // DB-1
    engineVersion: '17.7',
    instanceType: 't4g.medium',
    readerCount: 2, // DB-1, DB-2
    clientAuthentication: 'iam', // DB-5
    credentials: { kind: 'rotation-function', rotationDays: 30 }, // DB-5
    backupRetentionDays: 35, // DB-6
    deletionProtection: 'off', // DB-7
  },
  service: {
    cpuUnits: 512,
    memoryMiB: 1024,
    image: 'built-from-source', // APP-1
    databaseConnectionsPerTask: 10,
    minTasks: 3, // APP-2
    maxTasks: 10,
    scaling: { cpuPercent: 70, memoryPercent: 80, scaleOutCooldownSeconds: 60, scaleInCooldownSeconds: 300 }, // APP-3
    healthCheck: { intervalSeconds: 30, failuresBeforeReplacement: 2 }, // APP-4
  },
  deployment: {
    kind: 'code-deploy-blue-green', // APP-5
    trafficShift: { kind: 'canary', firstPercent: 10, bakeMinutes: 5 },
    terminationWaitMinutes: 5,
    rollback: { serverErrorPercent: 1, latencyP99Milliseconds: 1000 },
  },
  ingress: { kind: 'api-gateway' }, // EDGE-1
  originSecretGeneration: 1,
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
    errorRatePercent: 1, // OBS-6
    loadBalancerLogsInCloudWatch: false,
    availabilityProbe: true,
  },
};
