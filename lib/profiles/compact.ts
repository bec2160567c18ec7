import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ProfileDefinition } from '../config/deployment-profile';

/**
 * The small platform: two Availability Zones, a Multi-AZ database instance, and the API behind a public HTTPS load balancer.
 *
 * The comment of a line names its requirement. A requirement without a value for this profile gets the strictest value of the others.
 */
export const compact: ProfileDefinition = {
  name: 'compact',
  region: 'ap-northeast-2', // LOC-1
  naming: 'type-purpose-suffix', // LOC-2
  tags: { Environment: 'production', ManagedBy: 'cdk' }, // LOC-3
  network: {
    availabilityZoneCount: 2, // NET-1
    subnetTiers: 'public-app', // NET-2
    egress: { kind: 'nat-gateways', count: 1 }, // NET-3
    functionPlacement: 'outside-vpc',
  },
  database: {
    kind: 'multi-az-instance', // DB-1, DB-2
    engineVersion: '17',
    instanceType: 't3.micro',
    allocatedStorageGiB: 20,
    clientAuthentication: 'iam',
    credentials: { kind: 'existing-secret' }, // DB-5
    deletionProtection: 'on-unless-destroy-is-allowed', // DB-7
  },
  service: {
    image: 'existing-repository', // APP-1
    databaseConnectionsPerTask: 3,
  },
  deployment: {
    kind: 'code-deploy-blue-green', // APP-5
    trafficShift: { kind: 'canary', firstPercent: 10, bakeMinutes: 5 },
  },
  ingress: { kind: 'public-https' }, // EDGE-1
  domain: { zone: 'created', required: true }, // EDGE-5
  webAcl: { form: 'rules', requestsPerAddressPerFiveMinutes: 20_000 }, // EDGE-2
  observability: {
    logRetentionDays: RetentionDays.ONE_WEEK, // OBS-1
    loadBalancerLogsInCloudWatch: false,
  },
};
