import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';
import { database, rotationDays } from './database-config';
import { signIn } from './sign-in-config';

/*
 * The settings in which deployments of the platform differ.
 *
 * An alternative is a discriminated union on `kind`, an optional feature is an optional part, a quantity is a number with its unit in
 * the name. What all deployments share (TLS, customer managed keys, private data) is code, not configuration. A value that all profiles
 * share is the default of its field; the comment beside it names the requirement. The TypeScript types and the published JSON Schema are
 * derived from these definitions.
 */

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'Use an AWS region code, such as eu-south-2.');
const percent = z.int().min(1).max(100);
const zoneCount = z.literal([2, 3], 'Use 2 or 3. The database needs two zones, and not every region has four.');
/** Retention periods of CloudWatch Logs, as far as profiles use them. 2557 days are seven years. */
const logRetentionDays = z.literal([
  RetentionDays.ONE_WEEK,
  RetentionDays.ONE_MONTH,
  RetentionDays.THREE_MONTHS,
  RetentionDays.ONE_YEAR,
  RetentionDays.SEVEN_YEARS,
]);

const egress = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('nat-gateways'),
      count: z.int().min(1).max(3).describe('Number of NAT gateways, at most one per Availability Zone.'),
    }),
    z.strictObject({
      kind: z.literal('nat-instances'),
      instanceType: z.string().describe('EC2 instance type, such as t4g.small.'),
    }),
  ])
  .describe('How private subnets reach the internet.');

const network = z.strictObject({
  cidr: z.cidrv4().default('10.0.0.0/16').describe('IPv4 CIDR block of the VPC. /16 has room for every tier.'),
  availabilityZoneCount: zoneCount.describe('Number of Availability Zones.'),
  subnetTiers: z
    .enum(['public-app-data', 'public-app'])
    .describe(
      'public-app-data gives the database isolated subnets of its own. public-app puts it into the private subnets.',
    ),
  egress,
  privateEndpoints: z
    .boolean()
    .default(true)
    .describe(
      'Creates VPC endpoints for the AWS services that the workload calls, so this traffic does not cross the internet.',
    ),
  functionPlacement: z
    .enum(['outside-vpc', 'private-subnets'])
    .describe(
      'Where functions that call only AWS APIs run: outside the VPC, or in the private subnets with a VPC endpoint for each API.',
    ),
});

const service = z.strictObject({
  cpuUnits: z.literal([256, 512, 1024, 2048, 4096]).default(512).describe('CPU units of a task. 1024 are one vCPU.'),
  memoryMiB: z.int().min(512).max(30720).default(1024).describe('Memory of a task. Fargate limits it by cpuUnits.'),
  image: z
    .enum(['built-from-source', 'existing-repository'])
    .describe('Builds the API image from `app/`, or uses the image of imageRepositoryName and imageTag.'),
  databaseConnectionsPerTask: z
    .int()
    .min(1)
    .max(100)
    .describe(
      'Size of the connection pool of a task. During a deployment, blue and green tasks share the connections of the database.',
    ),
  minTasks: z.int().min(1).max(1000).default(3).describe('Minimum number of tasks.'), // APP-2
  maxTasks: z.int().min(1).max(1000).default(10).describe('Maximum number of tasks.'),
  scaling: z
    .strictObject({
      cpuPercent: percent.default(70).describe('Target of average CPU utilization.'),
      memoryPercent: percent.optional().describe('Target of average memory utilization.'),
      scaleOutCooldownSeconds: z.int().min(0).max(3600).default(60),
      scaleInCooldownSeconds: z.int().min(0).max(3600).default(300),
    })
    .prefault({}), // APP-3
  healthCheck: z
    .strictObject({
      intervalSeconds: z.int().min(5).max(300).default(30),
      failuresBeforeReplacement: z
        .int()
        .min(2)
        .max(10)
        .default(2)
        .describe('Consecutive failed health checks after which a task is replaced.'),
      command: z
        .array(z.string().min(1))
        .min(1)
        .optional()
        .describe('Health check command that ECS runs in the container. Omit it for the image of this repository.'),
    })
    .prefault({}), // APP-4
});

const trafficShift = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('all-at-once') }),
    z.strictObject({ kind: z.literal('canary'), firstPercent: percent, bakeMinutes: z.int().min(1).max(30) }),
    z.strictObject({ kind: z.literal('linear'), stepPercent: percent, stepMinutes: z.int().min(1).max(10) }),
  ])
  .describe('How production traffic shifts from blue to green.');

const rollback = z
  .strictObject({
    serverErrorPercent: percent.default(1).describe('Share of 5xx responses above which a deployment is rolled back.'),
    latencyP99Milliseconds: z
      .int()
      .min(1)
      .default(1000)
      .describe('p99 response time above which a deployment is rolled back.'),
  })
  .prefault({});

const deployment = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('code-deploy-blue-green'),
    trafficShift,
    terminationWaitMinutes: z
      .int()
      .min(0)
      .max(20)
      .default(5)
      .describe('Wait before CodeDeploy terminates the blue tasks.'),
    rollback,
  }),
  z.strictObject({
    kind: z.literal('ecs-blue-green'),
    trafficShift,
    bakeMinutes: z
      .int()
      .min(0)
      .max(60)
      .default(5)
      .describe('Wait after the shift before ECS terminates the blue tasks. Until then, an alarm rolls back.'),
    rollback,
  }),
]);

const ingress = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('cloudfront') }),
    z.strictObject({ kind: z.literal('public-https') }),
    z.strictObject({ kind: z.literal('api-gateway') }),
  ])
  .describe('The only path by which requests reach the load balancer.');

const domain = z.strictObject({
  zone: z.enum(['existing', 'created']).describe('Uses an existing public hosted zone, or creates one.'),
  required: z.boolean().describe('Whether `-c domainName=` must be passed.'),
});

const webAcl = z.strictObject({
  form: z
    .enum(['rules', 'rule-groups'])
    .describe('Defines custom rules in the web ACL itself, or in rule groups that it references.'),
  requestsPerAddressPerFiveMinutes: z
    .int()
    .min(10)
    .max(2_000_000_000)
    .describe('Limit of the rate-based rule for one IP address.'),
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
          .describe('Maximum requests of an API key in any 60 seconds, rate and burst together.'),
      }),
      z.strictObject({ kind: z.literal('mutual-tls') }),
    ])
    .describe('How clients authenticate to API Gateway. Each also sends an API key of a usage plan.'),
  requestsPerSecond: z.int().min(1).max(10_000).describe('Rate limit of each operation, for all clients together.'),
  burst: z.int().min(1).max(5000).describe('Burst limit of each operation.'),
  administration: z
    .boolean()
    .default(false)
    .describe('Exposes the operations of operators, which create merchants and issue API keys, under /api/v1/admin.'),
});

const authorizationDays = z
  .int()
  .min(1)
  .max(30)
  .default(7)
  .describe('Days for which the acquirer keeps an authorization. An older one is released and expires.');

const acquirer = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('simulator'), authorizationDays }),
    z.strictObject({
      kind: z.literal('http'),
      authorizationDays,
      url: z
        .string()
        .regex(/^https:\/\/[a-z0-9.-]+(:\d+)?(\/[\w./-]*)?$/, 'Use an https:// URL without credentials and query.')
        .describe('Address of the acquirer: an https:// URL without credentials and query.'),
    }),
    z.strictObject({ kind: z.literal('stripe'), authorizationDays }),
  ])
  .prefault({ kind: 'simulator' })
  .describe('Who decides on card payments: a simulator, an acquirer over HTTPS, or Stripe, with its key in a secret.');

const documents = z.strictObject({
  replicaRegion: region.describe('Region of the replica bucket. It must differ from the home region.'),
  archiveAfterDays: z.int().min(1).describe('Age at which documents move to an archive storage class.'),
  expireAfterDays: z.int().min(1).describe('Age at which documents are deleted.'),
});

const observability = z.strictObject({
  logRetentionDays: logRetentionDays.describe('Retention of every log group.'),
  errorRatePercent: percent.default(1).describe('Share of 5xx responses above which the on-call team is paged.'),
  tracing: z
    .strictObject({ samplingPercent: percent.describe('Share of requests that X-Ray traces.') })
    .optional()
    .describe('Traces requests with X-Ray.'),
  applicationLogArchive: z
    .strictObject({
      glacierAfterDays: z.int().min(1).describe('Age at which log files move to S3 Glacier.'),
      expireAfterDays: z.int().min(1).describe('Age at which log files are deleted.'),
    })
    .optional()
    .describe('Archives the application logs in S3.'),
  loadBalancerLogsInCloudWatch: z
    .boolean()
    .describe('Forwards the access logs of the load balancer from S3 to CloudWatch Logs.'),
  availabilityProbe: z
    .boolean()
    .default(true)
    .describe('Probes the public addresses every minute, with an alarm on failed and on missing probes.'),
});

/** The values of `-c profile=`. Each profile implements one specification of the platform. */
export const profileNames = ['flagship', 'metered', 'partner', 'compact', 'storefront'] as const;

/** A complete deployment profile. Objects are strict, so an unknown field is an error. */
export const deploymentProfile = z.strictObject({
  name: z.enum(profileNames),
  region,
  naming: z
    .enum(['type-suffix', 'type-purpose-suffix'])
    .describe(
      'Pattern of resource names: alb-security-group-pr123 (type-suffix) or security-group-alb-pr123 (type-purpose-suffix).',
    ),
  tags: z.record(z.string(), z.string()).describe('Tags of every resource.'),
  network,
  database,
  service,
  deployment,
  acquirer,
  ingress,
  originSecretGeneration: z
    .int()
    .min(1)
    .default(1)
    .describe(
      'Raise it by one to replace the header value that the load balancer requires from CloudFront. The load balancer also accepts the previous value.',
    ),
  domain,
  site: z
    .strictObject({
      assetMaxAgeDays: z.int().min(1).max(365).describe('Cache lifetime of files with a content hash in their names.'),
    })
    .optional()
    .describe('The merchant console, served by CloudFront.'),
  signIn: signIn
    .optional()
    .describe(
      'Lets persons sign in to the console by OpenID Connect, with an Amazon Cognito user pool of the environment or another provider. Without it, the console accepts API keys only.',
    ),
  webAcl: webAcl.optional().describe('AWS WAF web ACLs for every public endpoint.'),
  apiGateway: apiGateway.optional().describe('An API Gateway REST API in front of the load balancer.'),
  apiKeyRotationDays: rotationDays
    .optional()
    .describe(
      'Rotation interval of the first API key. The previous key stays valid until the next rotation. Omit it to rotate the key manually.',
    ),
  paymentQueue: z
    .strictObject({
      maxReceiveCount: z
        .int()
        .min(1)
        .max(1000)
        .describe('Receives after which SQS moves a message to the dead-letter queue.'),
    })
    .optional()
    .describe('Processes asynchronous payments from an SQS queue.'),
  documents: documents.optional().describe('Stores documents of payments, replicated to another region.'),
  restoreDrill: z
    .strictObject({
      schedule: z
        .string()
        .regex(/^(rate|cron)\([\w ,*?/#-]+\)$/, 'Use rate(…) or cron(…), as EventBridge Scheduler defines them.')
        .describe('Schedule of the restore drill, once a day in UTC: cron(0 3 * * ? *).'),
    })
    .optional()
    .describe('Restores and checks the newest snapshot regularly.'),
  canary: z
    .strictObject({
      everyMinutes: z.int().min(1).max(60).default(5).describe('Minutes from one synthetic payment to the next.'),
    })
    .optional()
    .describe(
      'Makes, refunds and checks a payment of a merchant of its own regularly, through the public entrance. Needs the simulator as acquirer.',
    ),
  observability,
});

/** A profile as a file in `lib/profiles` defines it, without fields that equal their default. */
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
export type EcsBlueGreenConfig = Extract<DeploymentConfig, { kind: 'ecs-blue-green' }>;
export type CodeDeployBlueGreenConfig = Extract<DeploymentConfig, { kind: 'code-deploy-blue-green' }>;
export type TrafficShiftConfig = DeploymentConfig['trafficShift'];
export type AcquirerConfig = DeploymentProfile['acquirer'];
export type CanaryConfig = NonNullable<DeploymentProfile['canary']>;
export type DocumentsConfig = NonNullable<DeploymentProfile['documents']>;
export type LogArchiveConfig = NonNullable<DeploymentProfile['observability']['applicationLogArchive']>;
export type WebAclConfig = NonNullable<DeploymentProfile['webAcl']>;
export type ApiGatewayConfig = NonNullable<DeploymentProfile['apiGateway']>;
