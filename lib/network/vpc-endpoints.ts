import { Aws, Stack } from 'aws-cdk-lib';
import {
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  type IVpc,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DeploymentProfile } from '../config/deployment-profile';
import { hasNatInstances } from './create-egress';
import { hasPrivateFunctions } from './vpc-functions';

export interface VpcEndpointsProps {
  readonly profile: DeploymentProfile;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
}

type Needed = (profile: DeploymentProfile) => boolean;

const always: Needed = () => true;

const ofPrivateFunctions: Needed = (profile) => hasPrivateFunctions({ profile });

/** Services with gateway endpoints, which are free and reached through route tables. */
const gatewayServices = {
  S3: GatewayVpcEndpointAwsService.S3,
  DynamoDb: GatewayVpcEndpointAwsService.DYNAMODB,
} as const;

/** AWS services that tasks and functions in the VPC call, or that Fargate calls for them (images, logs, secrets). */
const interfaceServices: readonly [id: string, service: InterfaceVpcEndpointAwsService, isNeeded: Needed][] = [
  ['EcrApi', InterfaceVpcEndpointAwsService.ECR, always],
  ['EcrDocker', InterfaceVpcEndpointAwsService.ECR_DOCKER, always],
  ['Logs', InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, always],
  ['SecretsManager', InterfaceVpcEndpointAwsService.SECRETS_MANAGER, always],
  ['Sqs', InterfaceVpcEndpointAwsService.SQS, ({ paymentQueue }) => paymentQueue !== undefined],
  ['XRay', InterfaceVpcEndpointAwsService.XRAY, ({ observability }) => observability.tracing !== undefined],
  // For the handlers, and for CDK's provider framework, which invokes them and polls with state machines.
  ['CloudFormation', InterfaceVpcEndpointAwsService.CLOUDFORMATION, ofPrivateFunctions],
  ['CodeDeploy', InterfaceVpcEndpointAwsService.CODEDEPLOY, ofPrivateFunctions],
  ['Ecs', InterfaceVpcEndpointAwsService.ECS, ofPrivateFunctions],
  ['ElasticLoadBalancing', InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING, ofPrivateFunctions],
  ['Lambda', InterfaceVpcEndpointAwsService.LAMBDA, ofPrivateFunctions],
  ['StepFunctions', InterfaceVpcEndpointAwsService.STEP_FUNCTIONS, ofPrivateFunctions],
  [
    'Rds',
    InterfaceVpcEndpointAwsService.RDS,
    (profile) => ofPrivateFunctions(profile) && profile.restoreDrill !== undefined,
  ],
  // AWS libraries may also call these services, which should not depend on a single NAT instance per zone.
  ['Kms', InterfaceVpcEndpointAwsService.KMS, hasNatInstances],
  ['Sts', InterfaceVpcEndpointAwsService.STS, hasNatInstances],
  ['Monitoring', InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING, hasNatInstances],
];

/**
 * VPC endpoints for the AWS services of the workload. Each allows only principals and resources of this account.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export class VpcEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    const { profile, vpc, subnets, securityGroup } = props;
    for (const [name, service, isNeeded] of interfaceServices) {
      if (!isNeeded(profile)) continue;
      const endpoint = new InterfaceVpcEndpoint(this, name, {
        vpc,
        service,
        subnets,
        securityGroups: [securityGroup],
        privateDnsEnabled: true,
        open: false,
      });
      endpoint.addToPolicy(thisAccountOnly());
    }
    for (const [name, service] of Object.entries(gatewayServices)) {
      const endpoint = new GatewayVpcEndpoint(this, name, { vpc, service });
      endpoint.addToPolicy(thisAccountOnly());
      if (service !== GatewayVpcEndpointAwsService.S3) continue;
      endpoint.addToPolicy(layersOfImages());
      if (hasPrivateFunctions({ profile })) endpoint.addToPolicy(answersOfCustomResources(this));
      if (hasNatInstances(profile)) endpoint.addToPolicy(packagesOfAmazonLinux());
    }
  }
}

function thisAccountOnly(): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ['*'],
    resources: ['*'],
    conditions: {
      StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID },
      // Actions without a resource, such as ecr:GetAuthorizationToken, lack this condition key.
      StringEqualsIfExists: { 'aws:ResourceAccount': Aws.ACCOUNT_ID },
    },
  });
}

/** ECR stores image layers in a bucket of AWS. A pull reads them from there with a presigned URL. */
function layersOfImages(): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ['s3:GetObject'],
    resources: [`arn:${Aws.PARTITION}:s3:::prod-${Aws.REGION}-starport-layer-bucket/*`],
  });
}

/**
 * A custom resource responds through a presigned URL of a CloudFormation bucket, whose name contains the region without hyphens.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-vpce-bucketnames.html
 */
function answersOfCustomResources(scope: Construct): PolicyStatement {
  const region = Stack.of(scope).region.replaceAll('-', '');
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [`arn:${Aws.PARTITION}:s3:::cloudformation-custom-resource-response-${region}/*`],
  });
}

/**
 * A NAT instance installs packages at launch from a bucket of AWS, and its route to S3 is this endpoint.
 *
 * @see https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
 */
function packagesOfAmazonLinux(): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ['s3:GetObject'],
    resources: [`arn:${Aws.PARTITION}:s3:::al2023-repos-${Aws.REGION}-de612dc2/*`],
  });
}
