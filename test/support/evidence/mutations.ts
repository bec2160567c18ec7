import type { StackSource } from '../../../lib/evidence/resolve-values';

type Editable = Record<string, unknown>;

/** A resource of a template that a mutation may change. */
interface EditableResource {
  Type: string;
  Properties?: Editable;
}

/** A change of a template that must turn a claim. */
export interface Mutation {
  readonly claim: string;
  readonly profile: string;
  /** What the change does, as a reviewer would say it. */
  readonly change: string;
  /** Changes every resource of this type. */
  readonly type: string;
  /** Returns `false` to remove the resource. */
  readonly edit: (properties: Editable) => unknown;
}

/** A copy of the templates with the mutation. @throws when no resource has the type */
export function mutated(
  sources: readonly StackSource[],
  { type, edit, change }: Omit<Mutation, 'claim' | 'profile'>,
): StackSource[] {
  const copy = structuredClone(sources) as StackSource[];
  let count = 0;
  for (const { template } of copy) {
    const resources = (template.Resources ?? {}) as Record<string, EditableResource>;
    for (const [id, resource] of Object.entries(resources)) {
      if (resource.Type !== type) continue;
      count += 1;
      resource.Properties ??= {};
      if (edit(resource.Properties) !== false) continue;
      // A reference to a removed resource would be an error of the template.
      resources[id] = { Type: 'Test::Removed' };
    }
  }
  if (count === 0) throw new Error(`${change}: no resource has the type ${type}.`);
  return copy;
}

/** Sets the property at a path of keys separated by dots; numbers are indexes of lists. */
export const set =
  (path: string, value: unknown) =>
  (properties: Editable): void => {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const holder = keys.reduce<Editable>((inner, key) => (inner[key] ??= {}) as Editable, properties);
    holder[last] = value;
  };

const remove = (): false => false;

/** Appends a rule that admits or lets out everyone on a port. */
const openPort = (direction: 'Ingress' | 'Egress', port: number) => (properties: Editable) => {
  const rules = (properties[`SecurityGroup${direction}`] ??= []) as unknown[];
  rules.push({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: port, ToPort: port });
};

const attribute = (name: string, value: string) => (properties: Editable) => {
  const attributes = properties['LoadBalancerAttributes'] as { Key: string; Value: string }[];
  const found = attributes.find(({ Key }) => Key === name);
  if (!found) throw new Error(`The load balancer has no attribute ${name}.`);
  found.Value = value;
};

/** Adds a statement to a policy at a path. */
const allow = (path: string, statement: Editable) => (properties: Editable) => {
  const document = path.split('.').reduce<Editable>((inner, key) => inner[key] as Editable, properties);
  (document['Statement'] as unknown[]).push({ Effect: 'Allow', ...statement });
};

const container = (name: string, value: unknown) => set(`ContainerDefinitions.0.${name}`, value);

/** For each claim, changes that must turn it. */
export const mutations: readonly Mutation[] = [
  {
    claim: 'internet-enters-by-https',
    profile: 'flagship',
    change: 'SSH open to the internet',
    type: 'AWS::EC2::SecurityGroup',
    edit: openPort('Ingress', 22),
  },
  {
    claim: 'internet-enters-by-https',
    profile: 'flagship',
    change: 'a separate rule opens the database',
    type: 'AWS::EC2::SecurityGroupIngress',
    edit: set('CidrIp', '0.0.0.0/0'),
  },
  {
    claim: 'internet-left-by-https',
    profile: 'flagship',
    change: 'all ports open outwards',
    type: 'AWS::EC2::SecurityGroup',
    edit: openPort('Egress', 25),
  },
  {
    claim: 'internet-left-by-https',
    profile: 'partner',
    change: 'no outbound rules, which EC2 makes a rule for everything',
    type: 'AWS::EC2::SecurityGroupEgress',
    edit: remove,
  },
  {
    claim: 'default-group-closed',
    profile: 'flagship',
    change: 'default group left as it is',
    type: 'Custom::VpcRestrictDefaultSG',
    edit: remove,
  },
  {
    claim: 'database-not-public',
    profile: 'compact',
    change: 'public database',
    type: 'AWS::RDS::DBInstance',
    edit: set('PubliclyAccessible', true),
  },
  {
    claim: 'database-subnets-private',
    profile: 'compact',
    change: 'routes to the internet gateway',
    type: 'AWS::EC2::Route',
    edit: set('GatewayId', { Ref: 'VpcIGWD7BA715C' }),
  },
  {
    claim: 'tasks-private',
    profile: 'flagship',
    change: 'public addresses for tasks',
    type: 'AWS::ECS::Service',
    edit: set('NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'ENABLED'),
  },
  {
    claim: 'tasks-private',
    profile: 'flagship',
    change: 'routes to the internet gateway',
    type: 'AWS::EC2::Route',
    edit: set('GatewayId', { Ref: 'VpcIGWD7BA715C' }),
  },
  {
    claim: 'subnets-assign-no-addresses',
    profile: 'flagship',
    change: 'subnets give public addresses',
    type: 'AWS::EC2::Subnet',
    edit: set('MapPublicIpOnLaunch', true),
  },
  {
    claim: 'endpoints-limited',
    profile: 'flagship',
    change: 'endpoints without a policy',
    type: 'AWS::EC2::VPCEndpoint',
    edit: set('PolicyDocument', undefined),
  },
  {
    claim: 'load-balancers-strict',
    profile: 'flagship',
    change: 'invalid headers accepted',
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    edit: attribute('routing.http.drop_invalid_header_fields.enabled', 'false'),
  },
  {
    claim: 'containers-hardened',
    profile: 'flagship',
    change: 'writable file system',
    type: 'AWS::ECS::TaskDefinition',
    edit: container('ReadonlyRootFilesystem', false),
  },
  {
    claim: 'containers-hardened',
    profile: 'flagship',
    change: 'root in the container',
    type: 'AWS::ECS::TaskDefinition',
    edit: container('User', '0:0'),
  },
  {
    claim: 'images-immutable-and-scanned',
    profile: 'flagship',
    change: 'tags can be replaced',
    type: 'AWS::ECR::Repository',
    edit: set('ImageTagMutability', 'MUTABLE'),
  },
  {
    claim: 'runtimes-patched',
    profile: 'flagship',
    change: 'a runtime out of support',
    type: 'AWS::Lambda::Function',
    edit: set('Runtime', 'nodejs16.x'),
  },
  {
    claim: 'instances-need-session-tokens',
    profile: 'partner',
    change: 'IMDSv1',
    type: 'AWS::EC2::Instance',
    edit: set('MetadataOptions.HttpTokens', 'optional'),
  },
  {
    claim: 'no-vendor-defaults',
    profile: 'flagship',
    change: 'master user postgres',
    type: 'AWS::RDS::DBCluster',
    edit: set('MasterUsername', 'postgres'),
  },
  {
    claim: 'no-vendor-defaults',
    profile: 'compact',
    change: 'a password in the template',
    type: 'AWS::RDS::DBInstance',
    edit: set('MasterUserPassword', 'hunter2'),
  },
  {
    claim: 'deployments-roll-back',
    profile: 'flagship',
    change: 'no rollback',
    type: 'AWS::CodeDeploy::DeploymentGroup',
    edit: set('AutoRollbackConfiguration.Enabled', false),
  },
  {
    claim: 'databases-encrypted',
    profile: 'flagship',
    change: 'encryption off',
    type: 'AWS::RDS::DBCluster',
    edit: set('StorageEncrypted', false),
  },
  {
    claim: 'databases-encrypted',
    profile: 'compact',
    change: 'a key of AWS',
    type: 'AWS::RDS::DBInstance',
    edit: set('KmsKeyId', undefined),
  },
  {
    claim: 'buckets-encrypted',
    profile: 'partner',
    change: 'SSE-S3 for every bucket',
    type: 'AWS::S3::Bucket',
    edit: set('BucketEncryption.ServerSideEncryptionConfiguration', [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ]),
  },
  {
    claim: 'secrets-encrypted',
    profile: 'flagship',
    change: 'a key of AWS',
    type: 'AWS::SecretsManager::Secret',
    edit: set('KmsKeyId', 'alias/aws/secretsmanager'),
  },
  {
    claim: 'logs-encrypted',
    profile: 'flagship',
    change: 'no key',
    type: 'AWS::Logs::LogGroup',
    edit: set('KmsKeyId', undefined),
  },
  {
    claim: 'messages-encrypted',
    profile: 'partner',
    change: 'queues without a key',
    type: 'AWS::SQS::Queue',
    edit: set('KmsMasterKeyId', undefined),
  },
  {
    claim: 'images-encrypted',
    profile: 'flagship',
    change: 'no key',
    type: 'AWS::ECR::Repository',
    edit: set('EncryptionConfiguration', undefined),
  },
  {
    claim: 'streams-encrypted',
    profile: 'metered',
    change: 'no key',
    type: 'AWS::KinesisFirehose::DeliveryStream',
    edit: set('DeliveryStreamEncryptionConfigurationInput', undefined),
  },
  {
    claim: 'volumes-encrypted',
    profile: 'partner',
    change: 'plain volumes',
    type: 'AWS::EC2::Instance',
    edit: set('BlockDeviceMappings.0.Ebs.Encrypted', false),
  },
  {
    claim: 'keys-rotated',
    profile: 'flagship',
    change: 'rotation off',
    type: 'AWS::KMS::Key',
    edit: set('EnableKeyRotation', false),
  },
  {
    claim: 'keys-not-open',
    profile: 'flagship',
    change: 'everyone may decrypt',
    type: 'AWS::KMS::Key',
    edit: allow('KeyPolicy', { Action: 'kms:Decrypt', Principal: '*', Resource: '*' }),
  },
  {
    claim: 'keys-recoverable',
    profile: 'flagship',
    change: 'a shorter window',
    type: 'AWS::KMS::Key',
    edit: set('PendingWindowInDays', 1),
  },
  {
    claim: 'viewers-use-tls',
    profile: 'storefront',
    change: 'TLS 1.0',
    type: 'AWS::CloudFront::Distribution',
    edit: set('DistributionConfig.ViewerCertificate.MinimumProtocolVersion', 'TLSv1'),
  },
  {
    claim: 'viewers-use-tls',
    profile: 'storefront',
    change: 'plain HTTP',
    type: 'AWS::CloudFront::Distribution',
    edit: set('DistributionConfig.CacheBehaviors.0.ViewerProtocolPolicy', 'allow-all'),
  },
  {
    claim: 'origins-use-tls',
    profile: 'storefront',
    change: 'HTTP to the origin',
    type: 'AWS::CloudFront::Distribution',
    edit: set('DistributionConfig.Origins.1.CustomOriginConfig.OriginProtocolPolicy', 'match-viewer'),
  },
  {
    claim: 'listeners-use-tls',
    profile: 'storefront',
    change: 'an old policy',
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    edit: set('SslPolicy', 'ELBSecurityPolicy-2016-08'),
  },
  {
    claim: 'targets-use-tls',
    profile: 'flagship',
    change: 'HTTP to the tasks',
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    edit: set('Protocol', 'HTTP'),
  },
  {
    claim: 'gateways-use-tls',
    profile: 'partner',
    change: 'TLS 1.0',
    type: 'AWS::ApiGateway::DomainName',
    edit: set('SecurityPolicy', 'TLS_1_0'),
  },
  {
    claim: 'databases-use-tls',
    profile: 'flagship',
    change: 'TLS not forced',
    type: 'AWS::RDS::DBClusterParameterGroup',
    edit: set('Parameters', {}),
  },
  { claim: 'buckets-use-tls', profile: 'flagship', change: 'no policies', type: 'AWS::S3::BucketPolicy', edit: remove },
  { claim: 'topics-use-tls', profile: 'flagship', change: 'no policies', type: 'AWS::SNS::TopicPolicy', edit: remove },
  { claim: 'queues-use-tls', profile: 'partner', change: 'no policies', type: 'AWS::SQS::QueuePolicy', edit: remove },
  {
    claim: 'entrances-have-web-acls',
    profile: 'storefront',
    change: 'the load balancer without one',
    type: 'AWS::WAFv2::WebACLAssociation',
    edit: remove,
  },
  {
    claim: 'entrances-have-web-acls',
    profile: 'flagship',
    change: 'the distribution without one',
    type: 'AWS::CloudFront::Distribution',
    edit: set('DistributionConfig.WebACLId', undefined),
  },
  {
    claim: 'web-acls-block',
    profile: 'flagship',
    change: 'no rules',
    type: 'AWS::WAFv2::WebACL',
    edit: set('Rules', []),
  },
  {
    claim: 'page-scripts-limited',
    profile: 'flagship',
    change: 'no headers',
    type: 'AWS::CloudFront::ResponseHeadersPolicy',
    edit: set('ResponseHeadersPolicyConfig', {}),
  },
  {
    claim: 'gateway-clients-identified',
    profile: 'metered',
    change: 'no API keys',
    type: 'AWS::ApiGateway::Method',
    edit: set('ApiKeyRequired', false),
  },
  {
    claim: 'certificates-not-bypassed',
    profile: 'partner',
    change: 'the default address enabled',
    type: 'AWS::ApiGateway::RestApi',
    edit: set('DisableExecuteApiEndpoint', false),
  },
  {
    claim: 'policies-not-unlimited',
    profile: 'flagship',
    change: 'everything allowed',
    type: 'AWS::IAM::Policy',
    edit: allow('PolicyDocument', { Action: '*', Resource: '*' }),
  },
  {
    claim: 'policies-not-unlimited',
    profile: 'flagship',
    change: 'every action of S3',
    type: 'AWS::IAM::ManagedPolicy',
    edit: allow('PolicyDocument', { Action: 's3:*', Resource: '*' }),
  },
  {
    claim: 'roles-bounded',
    profile: 'flagship',
    change: 'no boundary',
    type: 'AWS::IAM::Role',
    edit: set('PermissionsBoundary', undefined),
  },
  {
    claim: 'roles-bounded',
    profile: 'flagship',
    change: 'a boundary that denies nothing',
    type: 'AWS::IAM::ManagedPolicy',
    edit: set('PolicyDocument', { Statement: [] }),
  },
  {
    claim: 'roles-for-services',
    profile: 'flagship',
    change: 'the whole account may assume roles',
    type: 'AWS::IAM::Role',
    edit: allow('AssumeRolePolicyDocument', { Action: 'sts:AssumeRole', Principal: { AWS: '*' } }),
  },
  {
    claim: 'functions-not-public',
    profile: 'flagship',
    change: 'everyone invokes',
    type: 'AWS::Lambda::Permission',
    edit: set('Principal', '*'),
  },
  {
    claim: 'buckets-private',
    profile: 'flagship',
    change: 'public policies',
    type: 'AWS::S3::Bucket',
    edit: set('PublicAccessBlockConfiguration.BlockPublicPolicy', false),
  },
  {
    claim: 'no-shell-in-tasks',
    profile: 'flagship',
    change: 'ECS Exec on',
    type: 'AWS::ECS::Service',
    edit: set('EnableExecuteCommand', true),
  },
  {
    claim: 'no-secrets-in-environment',
    profile: 'flagship',
    change: 'a password in a container',
    type: 'AWS::ECS::TaskDefinition',
    edit: container('Environment', [{ Name: 'DATABASE_PASSWORD', Value: 'hunter2' }]),
  },
  {
    claim: 'no-secrets-in-environment',
    profile: 'flagship',
    change: 'a key in a function',
    type: 'AWS::Lambda::Function',
    edit: set('Environment', { Variables: { API_KEY: 'k' } }),
  },
  {
    claim: 'secrets-generated',
    profile: 'flagship',
    change: 'a value in the template',
    type: 'AWS::SecretsManager::Secret',
    edit: (properties) => {
      set('GenerateSecretString', undefined)(properties);
      set('SecretString', 'hunter2')(properties);
    },
  },
  {
    claim: 'database-credential-rotated',
    profile: 'flagship',
    change: 'no rotation',
    type: 'AWS::SecretsManager::RotationSchedule',
    edit: remove,
  },
  {
    claim: 'database-credential-rotated',
    profile: 'flagship',
    change: 'rotation once a year',
    type: 'AWS::SecretsManager::RotationSchedule',
    edit: set('RotationRules', { AutomaticallyAfterDays: 365 }),
  },
  {
    claim: 'database-login-without-password',
    profile: 'flagship',
    change: 'IAM logins off',
    type: 'AWS::RDS::DBCluster',
    edit: set('EnableIAMDatabaseAuthentication', false),
  },
  { claim: 'traffic-logged', profile: 'flagship', change: 'no flow log', type: 'AWS::EC2::FlowLog', edit: remove },
  {
    claim: 'traffic-logged',
    profile: 'flagship',
    change: 'only refused traffic',
    type: 'AWS::EC2::FlowLog',
    edit: set('TrafficType', 'REJECT'),
  },
  {
    claim: 'requests-logged',
    profile: 'flagship',
    change: 'no log of the load balancer',
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    edit: attribute('access_logs.s3.enabled', 'false'),
  },
  {
    claim: 'requests-logged',
    profile: 'flagship',
    change: 'no log of the distribution',
    type: 'AWS::Logs::DeliverySource',
    edit: remove,
  },
  {
    claim: 'requests-logged',
    profile: 'metered',
    change: 'no log of the gateway',
    type: 'AWS::ApiGateway::Stage',
    edit: set('AccessLogSetting', undefined),
  },
  {
    claim: 'blocked-requests-logged',
    profile: 'flagship',
    change: 'credentials in the log',
    type: 'AWS::WAFv2::LoggingConfiguration',
    edit: set('RedactedFields', []),
  },
  {
    claim: 'blocked-requests-logged',
    profile: 'flagship',
    change: 'no log',
    type: 'AWS::WAFv2::LoggingConfiguration',
    edit: remove,
  },
  {
    claim: 'containers-logged',
    profile: 'flagship',
    change: 'no log driver',
    type: 'AWS::ECS::TaskDefinition',
    edit: container('LogConfiguration', undefined),
  },
  {
    claim: 'functions-logged',
    profile: 'flagship',
    change: 'log groups that Lambda makes',
    type: 'AWS::Lambda::Function',
    edit: set('LoggingConfig', undefined),
  },
  {
    claim: 'database-logged',
    profile: 'flagship',
    change: 'no exports',
    type: 'AWS::RDS::DBCluster',
    edit: set('EnableCloudwatchLogsExports', []),
  },
  {
    claim: 'logs-kept-a-year',
    profile: 'metered',
    change: 'retention cut',
    type: 'AWS::Logs::LogGroup',
    edit: set('RetentionInDays', 90),
  },
  {
    claim: 'logs-kept-a-year',
    profile: 'flagship',
    change: 'retention below the specified one',
    type: 'AWS::Logs::LogGroup',
    edit: set('RetentionInDays', 7),
  },
  {
    claim: 'logs-archived',
    profile: 'metered',
    change: 'no versions',
    type: 'AWS::S3::Bucket',
    edit: set('VersioningConfiguration', undefined),
  },
  {
    claim: 'alarms-reach-someone',
    profile: 'flagship',
    change: 'no actions',
    type: 'AWS::CloudWatch::Alarm',
    edit: set('AlarmActions', []),
  },
];
