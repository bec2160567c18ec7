import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { acceptFindings } from '../compliance/accepted-findings';

const actions = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lets Lambda manage the network interfaces of one function in a VPC: the actions of AWSLambdaVPCAccessExecutionRole, version 3.
 *
 * The code of the function is denied these actions. Only its calls have the condition key `lambda:SourceFunctionArn`, Lambda's do not.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
 */
export function allowNetworkInterfaces(role: Role, functionName: string): void {
  const stack = Stack.of(role);
  // All resources, as in AWS's policy. Lambda checks the role before an interface exists and rejects narrower resources.
  role.addToPolicy(new PolicyStatement({ actions, resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      sid: 'ForLambdaAndNotForTheCode',
      effect: Effect.DENY,
      actions,
      resources: ['*'],
      conditions: {
        ArnEquals: {
          'lambda:SourceFunctionArn': stack.formatArn({
            service: 'lambda',
            resource: 'function',
            resourceName: functionName,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    }),
  );
  acceptFindings(role, ['AwsSolutions-IAM5[Resource::*]'], {
    reason:
      'Lambda creates the interfaces, so their ids are unknown, and the describe actions support no resource-level permissions.',
    compensatingControl: 'The code of the function is denied these actions. Only Lambda itself may use them.',
  });
}
