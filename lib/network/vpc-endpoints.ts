import { Aws } from 'aws-cdk-lib';
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

/** What the endpoints are told. */
export interface VpcEndpointsProps {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
}

/** Reached through the route tables, at no cost. */
const gatewayServices = {
  S3: GatewayVpcEndpointAwsService.S3,
  DynamoDb: GatewayVpcEndpointAwsService.DYNAMODB,
} as const;

/** Every AWS service that a task calls, or that Fargate calls for it: image, log lines, secrets. */
const interfaceServices = {
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
} as const;

/**
 * Private ways to the AWS services of the workload: each admits this account's principals to this account's resources only.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export class VpcEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    const { vpc, subnets, securityGroup } = props;
    for (const [name, service] of Object.entries(interfaceServices)) {
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
      if (service === GatewayVpcEndpointAwsService.S3) endpoint.addToPolicy(layersOfImages());
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
