import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { DeploymentProfile } from '../config/deployment-profile';

/**
 * The blue-green web platform behind CloudFront, and the default profile.
 *
 * Each line names the requirement cell it serves; a cell without a value in this profile takes the strongest value of its row.
 */
export const flagship: DeploymentProfile = {
  name: 'flagship',
  region: 'eu-south-2', // LOC-1
  naming: 'type-suffix', // LOC-2
  tags: { Environment: 'production', CostCenter: 'payments', ManagedBy: 'cdk' }, // LOC-3
  network: {
    cidr: '10.0.0.0/16',
    availabilityZoneCount: 3, // NET-1
    subnetTiers: 'public-app-data', // NET-2
    egress: { kind: 'nat-gateways', count: 3 }, // NET-3
    privateEndpoints: true, // NET-4
    functionPlacement: 'outside-vpc',
  },
  database: {
    kind: 'aurora-provisioned', // DB-1
    engineVersion: '17.7',
    instanceType: 't4g.medium',
    readerCount: 1, // DB-2
    clientAuthentication: 'iam',
    credentials: { kind: 'rds-managed', rotationDays: 30 }, // DB-5
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
  ingress: { kind: 'cloudfront', origin: 'public-load-balancer' }, // EDGE-1
  originSecretGeneration: 1,
  domain: { zone: 'existing', required: false },
  webAcl: { form: 'rules', requestsPerAddressPerFiveMinutes: 20_000 }, // EDGE-2
  site: { assetMaxAgeDays: 365 }, // EDGE-4
  observability: {
    logRetentionDays: RetentionDays.THREE_MONTHS, // OBS-1
    errorRatePercent: 1, // OBS-6
    loadBalancerLogsInCloudWatch: false,
    availabilityProbe: true,
  },
};
