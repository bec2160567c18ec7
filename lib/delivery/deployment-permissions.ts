import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

const arn = (service: string, resource: string, region = '*') =>
  `arn:${Aws.PARTITION}:${service}:${region}:${Aws.ACCOUNT_ID}:${resource}`;

const bootstrapRole = (name: string) => arn('iam', `role/cdk-*-${name}-role-${Aws.ACCOUNT_ID}-*`, '');

/** Names of previews: `pr` and a number. IAM patterns have no class of digits, and `*-pr*` would include `-prod`. */
const previewNames = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => `*-pr${digit}*`);

/** Lets the CDK CLI publish assets and look up values with the roles of the bootstrap. */
export const publishAssets = () =>
  new PolicyStatement({
    sid: 'PublishAssets',
    actions: ['sts:AssumeRole'],
    resources: ['file-publishing', 'image-publishing', 'lookup'].map(bootstrapRole),
  });

/** Lets the CDK CLI deploy any stack with the deployment role of the bootstrap. */
export const deployAnyStack = () =>
  new PolicyStatement({ sid: 'DeployAnyStack', actions: ['sts:AssumeRole'], resources: [bootstrapRole('deploy')] });

/** Lets CI read stacks and templates: for the comparison before a deployment, and to find left-over previews. */
export const readStacks = () =>
  new PolicyStatement({
    sid: 'ReadStacks',
    actions: ['cloudformation:Describe*', 'cloudformation:Get*', 'cloudformation:List*'],
    resources: ['*'],
  });

/**
 * Lets the CDK CLI deploy and destroy stacks of previews with its own credentials.
 *
 * The deployment role of the bootstrap may change and delete every stack of the account. Without the permission to assume it, the CLI uses
 * the credentials that it was started with. These statements are that role's, limited to the names of previews.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export const deployPreviews = () => [
  new PolicyStatement({
    sid: 'ChangePreviewStacks',
    actions: [
      'cloudformation:CreateChangeSet',
      'cloudformation:ExecuteChangeSet',
      'cloudformation:DeleteChangeSet',
      'cloudformation:CreateStack',
      'cloudformation:UpdateStack',
      'cloudformation:RollbackStack',
      'cloudformation:ContinueUpdateRollback',
      'cloudformation:DeleteStack',
      'cloudformation:UpdateTerminationProtection',
    ],
    resources: previewNames.map((name) => arn('cloudformation', `stack/${name}/*`)),
  }),
  new PolicyStatement({
    sid: 'PassExecutionRole',
    actions: ['iam:PassRole'],
    resources: [bootstrapRole('cfn-exec')],
    conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
  }),
  new PolicyStatement({
    sid: 'ReadTemplates',
    actions: ['s3:GetObject', 's3:ListBucket', 's3:GetBucketLocation'],
    resources: ['', '/*'].map((part) => `arn:${Aws.PARTITION}:s3:::cdk-*-assets-${Aws.ACCOUNT_ID}-*${part}`),
  }),
  new PolicyStatement({
    sid: 'DecryptTemplates',
    actions: ['kms:Decrypt'],
    resources: [arn('kms', 'key/*')],
    conditions: { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/cdk-*-assets-key' } },
  }),
  new PolicyStatement({
    sid: 'ReadBootstrapVersion',
    actions: ['ssm:GetParameter', 'ssm:GetParameters'],
    resources: [arn('ssm', 'parameter/cdk-bootstrap/*/version')],
  }),
];

/** Lets the integration tests read what a deployment created. `test/delivery` holds the list against their calls. */
export const readDeployments = () =>
  new PolicyStatement({
    sid: 'ReadDeployments',
    actions: [
      'apigateway:GET',
      'cloudfront:GetDistribution',
      'cloudwatch:DescribeAlarms',
      'codedeploy:GetDeploymentGroup',
      'ec2:DescribeInstances',
      'ec2:DescribeNatGateways',
      'ecs:DescribeServices',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
      'lambda:ListEventSourceMappings',
      'logs:DescribeLogGroups',
      'logs:DescribeSubscriptionFilters',
      'rds:DescribeDBClusterParameters',
      'rds:DescribeDBClusters',
      'rds:DescribeDBInstances',
      'rds:DescribeDBParameters',
      's3:GetBucketPolicyStatus',
      's3:GetBucketPublicAccessBlock',
      's3:GetBucketVersioning',
      's3:GetEncryptionConfiguration',
      's3:GetLifecycleConfiguration',
      's3:GetReplicationConfiguration',
      'scheduler:GetSchedule',
      'secretsmanager:DescribeSecret',
      'sqs:GetQueueAttributes',
      'states:ListExecutions',
      'wafv2:GetRuleGroup',
      'wafv2:GetWebACL',
      'wafv2:GetWebACLForResource',
    ],
    resources: ['*'],
  });

/** Lets the integration tests of a preview sign in with its first API key. */
export const readPreviewSecrets = () => {
  const secrets = previewNames.map((name) => arn('secretsmanager', `secret:${name}`));
  return [
    new PolicyStatement({
      sid: 'ReadPreviewSecrets',
      actions: ['secretsmanager:GetSecretValue'],
      resources: secrets,
    }),
    new PolicyStatement({
      sid: 'DecryptPreviewSecrets',
      actions: ['kms:Decrypt'],
      resources: [arn('kms', 'key/*')],
      conditions: { StringLike: { 'kms:EncryptionContext:SecretARN': secrets } },
    }),
  ];
};
