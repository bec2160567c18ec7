import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { DeploymentProfile } from '../config/deployment-profile';

/**
 * The small platform: two zones, one database instance with a standby, an API behind a public HTTPS load balancer.
 *
 * Each line names the requirement cell it serves; a cell without a value in this profile takes the strongest value of its row.
 */
export const compact: DeploymentProfile = {
  name: 'compact',
  region: 'ap-northeast-2', // LOC-1
  naming: 'type-purpose-suffix', // LOC-2
  tags: { Environment: 'production', ManagedBy: 'cdk' }, // LOC-3
  network: {
    cidr: '10.0.0.0/16',
    availabilityZoneCount: 2, // NET-1
    subnetTiers: 'public-app', // NET-2
    egress: { kind: 'nat-gateways', count: 1 }, // NET-3
    privateEndpoints: true, // NET-4
    functionPlacement: 'outside-vpc',
  },
  database: {
    kind: 'multi-az-instance', // DB-1, DB-2
    engineVersion: '17',
    instanceType: 't3.micro',
    allocatedStorageGiB: 20,
    clientAuthentication: 'iam',
    credentials: { kind: 'existing-secret' }, // DB-5
    backupRetentionDays: 35, // DB-6
    deletionProtection: 'on-unless-destroy-is-allowed', // DB-7
  },
  service: {
    cpuUnits: 512,
    memoryMiB: 1024,
    image: 'existing-repository', // APP-1
    databaseConnectionsPerTask: 3,
    minTasks: 3, // APP-2
    maxTasks: 10,
    scaling: { cpuPercent: 70, scaleOutCooldownSeconds: 60, scaleInCooldownSeconds: 300 }, // APP-3
    healthCheck: { intervalSeconds: 30, failuresBeforeReplacement: 2 }, // APP-4
  },
  deployment: {
    kind: 'code-deploy-blue-green', // APP-5
    trafficShift: { kind: 'canary', firstPercent: 10, bakeMinutes: 5 },
    terminationWaitMinutes: 5,
    rollback: { serverErrorPercent: 1, latencyP99Milliseconds: 1000 },
  },
  ingress: { kind: 'public-https' }, // EDGE-1
  originSecretGeneration: 1,
  domain: { zone: 'created', required: true }, // EDGE-5
  webAcl: { form: 'rules', requestsPerAddressPerFiveMinutes: 20_000 }, // EDGE-2
  observability: {
    logRetentionDays: RetentionDays.ONE_WEEK, // OBS-1
    errorRatePercent: 1, // OBS-6
    loadBalancerLogsInCloudWatch: false,
    availabilityProbe: true,
  },
};
