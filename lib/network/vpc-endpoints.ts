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

/** What the endpoints are told. */
export interface VpcEndpointsProps {
  readonly profile: DeploymentProfile;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
}

type Needed = (profile: DeploymentProfile) => boolean;

const always: Needed = () => true;

const ofPrivateFunctions: Needed = (profile) => hasPrivateFunctions({ profile });

/** Reached through the route tables, at no cost. */
const gatewayServices = {
  S3: GatewayVpcEndpointAwsService.S3,
  DynamoDb: GatewayVpcEndpointAwsService.DYNAMODB,
} as const;

/** Every AWS service that a task or a function in the VPC calls, or that Fargate calls for it: image, log lines, secrets. */
const interfaceServices: readonly [id: string, service: InterfaceVpcEndpointAwsService, isNeeded: Needed][] = [
  ['EcrApi', InterfaceVpcEndpointAwsService.ECR, always],
  ['EcrDocker', InterfaceVpcEndpointAwsService.ECR_DOCKER, always],
  ['Logs', InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, always],
  ['SecretsManager', InterfaceVpcEndpointAwsService.SECRETS_MANAGER, always],
  ['Sqs', InterfaceVpcEndpointAwsService.SQS, ({ paymentQueue }) => paymentQueue !== undefined],
  ['XRay', InterfaceVpcEndpointAwsService.XRAY, ({ observability }) => observability.tracing !== undefined],
  // Functions of ours, and those of CDK's provider framework, which invoke them and wait in state machines.
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
  // What the libraries of AWS may call besides must not depend on one small machine a zone.
  ['Kms', InterfaceVpcEndpointAwsService.KMS, hasNatInstances],
  ['Sts', InterfaceVpcEndpointAwsService.STS, hasNatInstances],
  ['Monitoring', InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING, hasNatInstances],
];

/**
 * Private ways to the AWS services of the workload: each admits this account's principals to this account's resources only.
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
      // Actions without a resource, such as ecr:GetAuthorizationToken, need not say whose it is.
      StringEqualsIfExists: { 'aws:ResourceAccount': Aws.ACCOUNT_ID },
    },
  });
}

/** ECR keeps the layers of all images in a bucket of its own; a pull reads them from there, with a signed URL. */
function layersOfImages(): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ['s3:GetObject'],
    resources: [`arn:${Aws.PARTITION}:s3:::prod-${Aws.REGION}-starport-layer-bucket/*`],
  });
}

/**
 * A custom resource answers CloudFormation by a signed URL of a bucket of CloudFormation's, whose name has the region without hyphens.
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
 * A NAT instance installs its packages at its start, from a bucket of AWS, and its subnet's route to S3 is this endpoint too.
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
