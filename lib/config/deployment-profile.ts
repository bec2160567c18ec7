import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';
import { database, rotationDays } from './database-config';

/*
 * Every decision that one deployment of the platform may take differently from another.
 *
 * One of several is a discriminated union on `kind`, had-or-not is an optional part, how-much is a number with its unit in the
 * name. What all deployments share (TLS, encryption under customer managed keys, private data) is code, not configuration.
 * A value that every profile shares is the field's default, and its line names the requirement cell that it serves.
 * The TypeScript types and the published JSON Schema are both derived from these definitions.
 */

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'Use an AWS region code, such as eu-south-2.');
const percent = z.int().min(1).max(100);
const zoneCount = z.literal([2, 3], 'Use 2 or 3. The database needs two zones, and not every region has four.');
/** The retention periods that CloudWatch Logs accepts and the profiles use; 2557 is its own value for seven years. */
const logRetentionDays = z.literal([
  RetentionDays.ONE_WEEK,
  RetentionDays.ONE_MONTH,
  RetentionDays.THREE_MONTHS,
  RetentionDays.ONE_YEAR,
  RetentionDays.SEVEN_YEARS,
]);

const egress = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('nat-gateways'), count: z.int().min(1).max(3) }),
    z.strictObject({ kind: z.literal('nat-instances'), instanceType: z.string().describe('e.g. t4g.small') }),
  ])
  .describe('How private subnets reach the internet.');

const network = z.strictObject({
  cidr: z.cidrv4().default('10.0.0.0/16').describe('Address range of the VPC; /16 leaves room for every tier.'),
  availabilityZoneCount: zoneCount,
  subnetTiers: z
    .enum(['public-app-data', 'public-app'])
    .describe('Whether the database has isolated subnets of its own or shares the private ones.'),
  egress,
  privateEndpoints: z
    .boolean()
    .default(true)
    .describe('VPC endpoints for every AWS service that the workload calls, so that this traffic never leaves AWS.'),
  functionPlacement: z
    .enum(['outside-vpc', 'private-subnets'])
    .describe(
      'Where functions run that reach AWS APIs only: in Lambda’s own network, or in the private subnets with an endpoint for each API.',
    ),
});

const service = z.strictObject({
  cpuUnits: z.literal([256, 512, 1024, 2048, 4096]).default(512),
  memoryMiB: z.int().min(512).max(30720).default(1024),
  image: z
    .enum(['built-from-source', 'existing-repository'])
    .describe('Whether the API image is built from `app/` or taken from imageRepositoryName and imageTag.'),
  databaseConnectionsPerTask: z
    .int()
    .min(1)
    .max(100)
    .describe('The size of each task’s pool; all tasks of both colours together must fit the database.'),
  minTasks: z.int().min(1).max(1000).default(3), // APP-2
  maxTasks: z.int().min(1).max(1000).default(10),
  scaling: z
    .strictObject({
      cpuPercent: percent.default(70),
      memoryPercent: percent.optional(),
      scaleOutCooldownSeconds: z.int().min(0).max(3600).default(60),
      scaleInCooldownSeconds: z.int().min(0).max(3600).default(300),
    })
    .prefault({}), // APP-3
  healthCheck: z
    .strictObject({
      intervalSeconds: z.int().min(5).max(300).default(30),
      failuresBeforeReplacement: z.int().min(2).max(10).default(2),
      command: z
        .array(z.string().min(1))
        .min(1)
        .optional()
        .describe('What ECS runs in the container to see whether it is healthy; left out for an image of ours.'),
    })
    .prefault({}), // APP-4
});

const trafficShift = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('all-at-once') }),
    z.strictObject({ kind: z.literal('canary'), firstPercent: percent, bakeMinutes: z.int().min(1).max(30) }),
    z.strictObject({ kind: z.literal('linear'), stepPercent: percent, stepMinutes: z.int().min(1).max(10) }),
  ])
  .describe('How production traffic moves from blue to green.');

const deployment = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('code-deploy-blue-green'),
    trafficShift,
    terminationWaitMinutes: z.int().min(0).max(20).default(5).describe('How long blue stays up after the shift.'),
    rollback: z
      .strictObject({
        serverErrorPercent: percent.default(1),
        latencyP99Milliseconds: z.int().min(1).default(1000),
      })
      .prefault({}),
  }),
]);

const ingress = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('cloudfront') }),
    z.strictObject({ kind: z.literal('public-https') }),
    z.strictObject({ kind: z.literal('api-gateway') }),
  ])
  .describe('The only way by which a request may reach the load balancer.');

const domain = z.strictObject({
  zone: z.enum(['existing', 'created']).describe('Whether the public hosted zone exists already or is created.'),
  required: z.boolean(),
});

const webAcl = z.strictObject({
  form: z.enum(['rules', 'rule-groups']).describe('Own rules inside the web ACL, or as rule groups it refers to.'),
  requestsPerAddressPerFiveMinutes: z.int().min(10).max(2_000_000_000),
});

const apiGateway = z.strictObject({
  clients: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('api-key'),
        requestsPerMinutePerKey: z
          .int()
          .min(61)
          .max(600_000)
          .describe('The ceiling of any 60 seconds: a steady rate and a burst that together stay below it.'),
      }),
      z.strictObject({ kind: z.literal('mutual-tls') }),
    ])
    .describe('How clients prove themselves to the API Gateway; each sends an API key of a usage plan besides.'),
  requestsPerSecond: z.int().min(1).max(10_000).describe('What each operation takes, all clients together.'),
  burst: z.int().min(1).max(5000).describe('How many requests to one operation may come at once.'),
});

const documents = z.strictObject({
  replicaRegion: region.describe('Where a second copy of every document is kept; not the home region.'),
  archiveAfterDays: z.int().min(1).describe('When documents move to the archive, whose storage is cheaper.'),
  expireAfterDays: z.int().min(1),
});

const observability = z.strictObject({
  logRetentionDays,
  errorRatePercent: percent
    .default(1)
    .describe('The share of failing requests above which the on-call team is called.'),
  tracing: z.strictObject({ samplingPercent: percent }).optional(),
  applicationLogArchive: z
    .strictObject({ glacierAfterDays: z.int().min(1), expireAfterDays: z.int().min(1) })
    .optional(),
  loadBalancerLogsInCloudWatch: z.boolean(),
  availabilityProbe: z
    .boolean()
    .default(true)
    .describe('Whether a function asks the public addresses once a minute, with an alarm on failure and on absence.'),
});

/** The names that `-c profile=` knows; each is one specification of the platform. */
export const profileNames = ['flagship', 'metered', 'partner', 'compact', 'storefront'] as const;

/** The whole of one deployment profile. Objects are strict: a misspelt field is refused, never ignored. */
export const deploymentProfile = z.strictObject({
  name: z.enum(profileNames),
  region,
  naming: z
    .enum(['type-suffix', 'type-purpose-suffix'])
    .describe('alb-security-group-pr123 (type-suffix) or security-group-alb-pr123 (type-purpose-suffix).'),
  tags: z.record(z.string(), z.string()),
  network,
  database,
  service,
  deployment,
  ingress,
  originSecretGeneration: z
    .int()
    .min(1)
    .default(1)
    .describe(
      'Raise it by one to replace the secret by which the load balancer knows the edge; the value before is admitted for one more generation.',
    ),
  domain,
  site: z.strictObject({ assetMaxAgeDays: z.int().min(1).max(365) }).optional(),
  webAcl: webAcl.optional(),
  apiGateway: apiGateway.optional(),
  apiKeyRotationDays: rotationDays
    .optional()
    .describe(
      'How often the first API key is replaced. The key before stays valid until the next replacement. Left out, the key is replaced manually.',
    ),
  paymentQueue: z.strictObject({ maxReceiveCount: z.int().min(1).max(1000) }).optional(),
  documents: documents.optional(),
  backupVerification: z
    .strictObject({
      schedule: z
        .string()
        .regex(/^(rate|cron)\([\w ,*?/#-]+\)$/, 'Use rate(…) or cron(…), as EventBridge Scheduler defines them.')
        .describe('When the newest snapshot is restored and checked, once a day: cron(0 3 * * ? *) in UTC.'),
    })
    .optional(),
  observability,
});

/** A profile as its page states it: what equals the default is left out. */
export type ProfileDefinition = z.input<typeof deploymentProfile>;
export type DeploymentProfile = z.output<typeof deploymentProfile>;
export type ProfileName = DeploymentProfile['name'];
export type NetworkConfig = DeploymentProfile['network'];
export type DatabaseConfig = DeploymentProfile['database'];
export type MultiAzInstanceConfig = Extract<DatabaseConfig, { kind: 'multi-az-instance' }>;
export type AuroraConfig = Extract<DatabaseConfig, { kind: 'aurora-provisioned' | 'aurora-serverless' }>;
export type CredentialsConfig = DatabaseConfig['credentials'];
export type ServiceConfig = DeploymentProfile['service'];
export type DeploymentConfig = DeploymentProfile['deployment'];
export type TrafficShiftConfig = DeploymentConfig['trafficShift'];
export type IngressConfig = DeploymentProfile['ingress'];
export type DocumentsConfig = NonNullable<DeploymentProfile['documents']>;
export type LogArchiveConfig = NonNullable<DeploymentProfile['observability']['applicationLogArchive']>;
export type WebAclConfig = NonNullable<DeploymentProfile['webAcl']>;
export type ApiGatewayConfig = NonNullable<DeploymentProfile['apiGateway']>;
