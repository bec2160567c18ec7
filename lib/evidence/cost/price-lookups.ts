import type table from './prices.json';

/**
 * Where the price list has a price of us-east-1: a service and attributes of its products.
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
 */
export interface PriceLookup {
  readonly serviceCode: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Units of the list in the unit of `prices.json`, such as 10,000 requests. @default 1 */
  readonly per?: number;
}

const million = 1_000_000;

const lookup = (
  serviceCode: string,
  usagetype: string,
  more: Omit<PriceLookup, 'serviceCode' | 'attributes'> = {},
) => ({
  serviceCode,
  attributes: { usagetype },
  ...more,
});

const applicationLoadBalancer = (usagetype: string): PriceLookup => ({
  serviceCode: 'AWSELB',
  attributes: { usagetype, operation: 'LoadBalancing:Application' },
});

const aurora = (usagetype: string): PriceLookup => ({
  serviceCode: 'AmazonRDS',
  attributes: { usagetype, databaseEngine: 'Aurora PostgreSQL' },
});

const postgres = (usagetype: string): PriceLookup => ({
  serviceCode: 'AmazonRDS',
  attributes: { usagetype, databaseEngine: 'PostgreSQL' },
});

const linux = (usagetype: string): PriceLookup => ({
  serviceCode: 'AmazonEC2',
  attributes: { usagetype, operatingSystem: 'Linux', preInstalledSw: 'NA', tenancy: 'Shared', capacitystatus: 'Used' },
});

/** The lookup of each price. A price without one does not compile. */
export const priceLookups: Readonly<Record<keyof (typeof table)['prices'], PriceLookup>> = {
  'alarm-metric': lookup('AmazonCloudWatch', 'CW:AlarmMonitorUsage'),
  'alb-hour': applicationLoadBalancer('LoadBalancerUsage'),
  'alb-lcu-hour': applicationLoadBalancer('LCUUsage'),
  'api-gateway-million': lookup('AmazonApiGateway', 'USE1-ApiGatewayRequest', { per: million }),
  'aurora-acu-hour': aurora('Aurora:ServerlessV2Usage'),
  'aurora-io-million': lookup('AmazonRDS', 'Aurora:StorageIOUsage', { per: million }),
  'aurora-storage-gb': lookup('AmazonRDS', 'Aurora:StorageUsage'),
  'cloudfront-10k': lookup('AmazonCloudFront', 'US-Requests-Tier2-HTTPS', { per: 10_000 }),
  'cloudfront-gb': lookup('AmazonCloudFront', 'US-DataTransfer-Out-Bytes'),
  'cognito-plus-person': lookup('AmazonCognito', 'USE1-CognitoUserPoolsPlusMAU'),
  'composite-alarm': lookup('AmazonCloudWatch', 'CW:CompositeAlarmMonitorUsage'),
  'custom-metric': lookup('AmazonCloudWatch', 'CW:MetricMonitorUsage'),
  dashboard: lookup('AmazonCloudWatch', 'DashboardsUsageHour'),
  'db.t3.micro-multi-az-hour': postgres('Multi-AZUsage:db.t3.micro'),
  'db.t4g.medium-aurora-hour': aurora('InstanceUsage:db.t4g.medium'),
  'db.t4g.large-aurora-hour': aurora('InstanceUsage:db.t4g.large'),
  'db.r6g.large-aurora-hour': aurora('InstanceUsage:db.r6g.large'),
  'db.t4g.micro-hour': postgres('InstanceUsage:db.t4g.micro'),
  'db.t4g.micro-multi-az-hour': postgres('Multi-AZUsage:db.t4g.micro'),
  'ebs-gp3-gb': lookup('AmazonEC2', 'EBS:VolumeUsage.gp3'),
  'ecr-gb': lookup('AmazonECR', 'TimedStorage-ByteHrs'),
  'endpoint-hour': lookup('AmazonVPC', 'VpcEndpoint-Hours'),
  'endpoint-gb': lookup('AmazonVPC', 'VpcEndpoint-Bytes'),
  'fargate-arm-gb-hour': lookup('AmazonECS', 'USE1-Fargate-ARM-GB-Hours'),
  'fargate-arm-vcpu-hour': lookup('AmazonECS', 'USE1-Fargate-ARM-vCPU-Hours:perCPU'),
  'fargate-x86-gb-hour': lookup('AmazonECS', 'USE1-Fargate-GB-Hours'),
  'fargate-x86-vcpu-hour': lookup('AmazonECS', 'USE1-Fargate-vCPU-Hours:perCPU'),
  'firehose-gb': lookup('AmazonKinesisFirehose', 'USE1-BilledBytes'),
  'hosted-zone': lookup('AmazonRoute53', 'HostedZone'),
  'internet-gb': lookup('AmazonEC2', 'DataTransfer-Out-Bytes'),
  'kms-10k': lookup('awskms', 'us-east-1-KMS-Requests', { per: 10_000 }),
  'kms-key': lookup('awskms', 'us-east-1-KMS-Keys'),
  'lambda-gb-second': lookup('AWSLambda', 'Lambda-GB-Second'),
  'lambda-million': lookup('AWSLambda', 'Request', { per: million }),
  'logs-gb': lookup('AmazonCloudWatch', 'DataProcessing-Bytes'),
  'logs-gb-month': lookup('AmazonCloudWatch', 'TimedStorage-ByteHrs'),
  'nat-gb': lookup('AmazonEC2', 'NatGateway-Bytes'),
  'nat-hour': lookup('AmazonEC2', 'NatGateway-Hours'),
  'public-ipv4-hour': lookup('AmazonVPC', 'PublicIPv4:InUseAddress'),
  'rds-gp3-multi-az-gb': postgres('RDS:Multi-AZ-GP3-Storage'),
  'rds-gp3-gb': postgres('RDS:GP3-Storage'),
  's3-gb': lookup('AmazonS3', 'TimedStorage-ByteHrs'),
  secret: lookup('AWSSecretsManager', 'USE1-AWSSecretsManager-Secrets'),
  'sqs-fifo-million': lookup('AWSQueueService', 'Requests-FIFO-RBP', { per: million }),
  'sqs-million': lookup('AWSQueueService', 'Requests-RBP', { per: million }),
  'states-thousand': lookup('AmazonStates', 'USE1-StateTransition', { per: 1000 }),
  't4g.nano-hour': linux('BoxUsage:t4g.nano'),
  't4g.micro-hour': linux('BoxUsage:t4g.micro'),
  't4g.small-hour': linux('BoxUsage:t4g.small'),
  'waf-acl': lookup('awswaf', 'USE1-WebACLV2'),
  'waf-million': lookup('awswaf', 'USE1-RequestV2-Tier1', { per: million }),
  'waf-rule': lookup('awswaf', 'USE1-RuleV2'),
  'xray-million': lookup('AWSXRay', 'USE1-XRay-TracesStored', { per: million }),
};
