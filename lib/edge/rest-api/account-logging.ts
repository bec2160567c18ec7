import { Aws, CustomResource, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import { CustomResourceProvider } from '../../constructs/custom-resource-provider';
import { HandlerFunction } from '../../constructs/handler-function';
import type { ResourceNames } from '../../core/resource-names';

/** The resource properties that CloudFormation passes to the handler. */
export interface AccountLoggingProperties {
  /** The role that the handler creates if the account has none. */
  readonly RoleName: string;
  readonly PolicyArn: string;
}

export interface AccountLoggingProps {
  readonly names: ResourceNames;
}

/**
 * API Gateway's logging role, of which an account has one in each region.
 *
 * An environment uses the existing role or creates one. The role remains while the region has an API that may use it. A resource of type
 * AWS::ApiGateway::Account was rejected: it replaces the role of other environments and deletes it with its own stack.
 * API Gateway also creates the log group /aws/apigateway/welcome, once, with one line and no data.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export class AccountLogging extends Construct {
  constructor(scope: Construct, id: string, props: AccountLoggingProps) {
    super(scope, id);
    const { names } = props;
    const stack = Stack.of(this);
    const properties: AccountLoggingProperties = {
      RoleName: `payment-platform-api-gateway-logs-${stack.region}`,
      PolicyArn: `arn:${Aws.PARTITION}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
    };
    const handler = new HandlerFunction(this, 'Handler', {
      names,
      purpose: 'api-gateway-logging',
      description: 'Gives API Gateway a logging role in this account and region, unless it has one',
      source: 'edge/rest-api/account-logging.lambda.ts',
    });
    const roleArn = (name: string) =>
      stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: name });
    const apiGateway = (path: string) => `arn:${Aws.PARTITION}:apigateway:${stack.region}::/${path}`;
    const allow = (actions: string[], resources: string[], conditions = {}) => {
      handler.function.addToRolePolicy(new PolicyStatement({ actions, resources, conditions }));
    };
    allow(['apigateway:GET'], [apiGateway('account'), apiGateway('restapis'), apiGateway('apis')]);
    allow(['apigateway:PATCH'], [apiGateway('account')]);
    // The account's role may have any name.
    allow(['iam:GetRole'], [roleArn('*')]);
    allow(['iam:CreateRole', 'iam:DeleteRole'], [roleArn(properties.RoleName)]);
    allow(['iam:AttachRolePolicy', 'iam:DetachRolePolicy'], [roleArn(properties.RoleName)], {
      ArnEquals: { 'iam:PolicyARN': properties.PolicyArn },
    });
    allow(['iam:PassRole'], [roleArn(properties.RoleName)], {
      StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' },
    });
    acceptFindings(handler, [wildcardResource(handler, roleArn('*'))], {
      reason: 'The function checks that the logging role of the account exists, and that role may have any name.',
      compensatingControl:
        'The call only reads. The function creates and deletes a single role, named here, with a single policy of AWS.',
    });
    const { serviceToken } = new CustomResourceProvider(this, 'Provider', {
      functionName: names.of('function', 'api-gateway-logging-provider'),
      onEvent: handler.function,
    });
    const logging = new CustomResource(this, 'Logging', {
      serviceToken,
      resourceType: 'Custom::ApiGatewayLogging',
      properties: { ...properties },
    });
    logging.node.addDependency(handler);
  }
}
