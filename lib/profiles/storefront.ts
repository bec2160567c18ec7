import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ProfileDefinition } from '../config/deployment-profile';

/**
 * The public web application: a public HTTPS load balancer, and the console behind CloudFront, under one domain.
 *
 * The comment of a line names its requirement. A requirement without a value for this profile gets the strictest value of the others.
 */
export const storefront: ProfileDefinition = {
  name: 'storefront',
  region: 'us-east-1', // LOC-1
  naming: 'type-suffix', // LOC-2
  tags: { Environment: 'production', CostCenter: 'payments' }, // LOC-3
  network: {
    availabilityZoneCount: 3, // NET-1
    subnetTiers: 'public-app', // NET-2
    egress: { kind: 'nat-gateways', count: 3 }, // NET-3
    functionPlacement: 'outside-vpc',
  },
  database: {
    kind: 'aurora-provisioned', // DB-1
    engineVersion: '17.7',
    instanceType: 't4g.medium',
    readerCount: 1, // DB-2
    clientAuthentication: 'password',
    credentials: { kind: 'connection-string', rotationDays: 30 }, // DB-5
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
  ingress: { kind: 'public-https' }, // EDGE-1
  domain: { zone: 'existing', required: true }, // EDGE-5
  webAcl: { form: 'rules', requestsPerAddressPerFiveMinutes: 20_000 }, // EDGE-2
  site: { assetMaxAgeDays: 365 }, // EDGE-4
  observability: {
    logRetentionDays: RetentionDays.ONE_MONTH, // OBS-1
    loadBalancerLogsInCloudWatch: true, // OBS-3
  },
};
