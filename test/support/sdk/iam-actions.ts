import type { SdkCall } from './sdk-calls';

/** IAM's prefix of each client. */
const prefixes: Readonly<Record<string, string>> = {
  'api-gateway': 'apigateway',
  apigatewayv2: 'apigateway',
  cloudformation: 'cloudformation',
  cloudfront: 'cloudfront',
  cloudwatch: 'cloudwatch',
  'cloudwatch-logs': 'logs',
  codedeploy: 'codedeploy',
  ec2: 'ec2',
  ecs: 'ecs',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  iam: 'iam',
  lambda: 'lambda',
  rds: 'rds',
  'route-53': 'route53',
  s3: 's3',
  scheduler: 'scheduler',
  'secrets-manager': 'secretsmanager',
  sfn: 'states',
  sqs: 'sqs',
  wafv2: 'wafv2',
};

/**
 * Operations whose action has another name.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
 */
const otherNames: Readonly<Record<string, string>> = {
  'apigateway:GetAccount': 'apigateway:GET',
  'apigateway:GetApiKey': 'apigateway:GET',
  'apigateway:GetApis': 'apigateway:GET',
  'apigateway:GetDomainName': 'apigateway:GET',
  'apigateway:GetResources': 'apigateway:GET',
  'apigateway:GetRestApi': 'apigateway:GET',
  'apigateway:GetRestApis': 'apigateway:GET',
  'apigateway:GetStage': 'apigateway:GET',
  'apigateway:GetUsagePlan': 'apigateway:GET',
  'apigateway:UpdateAccount': 'apigateway:PATCH',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:GetBucketLifecycleConfiguration': 's3:GetLifecycleConfiguration',
  's3:GetBucketReplication': 's3:GetReplicationConfiguration',
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:HeadObject': 's3:GetObject',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
  'sqs:SendMessageBatch': 'sqs:SendMessage',
  'rds-signer:Signer': 'rds-db:connect',
};

/** The action that IAM checks for a call. @throws for a client without a known prefix */
export function iamActionOf({ client, operation, module }: SdkCall): string {
  const prefix = client === 'rds-signer' ? client : prefixes[client];
  if (prefix === undefined) throw new Error(`${module} uses the client ${client}; add its prefix in IAM.`);
  return otherNames[`${prefix}:${operation}`] ?? `${prefix}:${operation}`;
}
