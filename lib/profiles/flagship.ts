import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ProfileDefinition } from '../config/deployment-profile';

/**
 * The default profile: console and API behind CloudFront.
 *
 * The comment of a line names its requirement. A requirement without a value for this profile gets the strictest value of the others.
 */
export const flagship: ProfileDefinition = {
  name: 'flagship',
  region: 'eu-south-2', // LOC-1
  naming: 'type-suffix', // LOC-2
  tags: { Environment: 'production', CostCenter: 'payments', ManagedBy: 'cdk' }, // LOC-3
  network: {
    availabilityZoneCount: 3, // NET-1
    subnetTiers: 'public-app-data', // NET-2
    egress: { kind: 'nat-gateways', count: 3 }, // NET-3
    functionPlacement: 'outside-vpc',
  },
  database: {
    kind: 'aurora-provisioned', // DB-1
    engineVersion: '17.7',
    instanceType: 't4g.medium',
    readerCount: 1, // DB-2
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
    trafficShift: { kind: 'canary', firstPercent: 10, bakeMinutes: 5 },
  },
  ingress: { kind: 'cloudfront' }, // EDGE-1
  domain: { zone: 'existing', required: false },
  webAcl: { form: 'rules', requestsPerAddressPerFiveMinutes: 20_000 }, // EDGE-2
  site: { assetMaxAgeDays: 365 }, // EDGE-4
  observability: {
    logRetentionDays: RetentionDays.THREE_MONTHS, // OBS-1
    loadBalancerLogsInCloudWatch: false,
  },
};
