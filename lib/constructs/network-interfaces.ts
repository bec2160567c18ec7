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
 * Lets Lambda make and delete the network interfaces of one function in a VPC: the actions of AWSLambdaVPCAccessExecutionRole, version 3.
 *
 * The code of the function gets none of them. Lambda's own calls carry no source function; those of the code do.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
 */
export function allowNetworkInterfaces(role: Role, functionName: string): void {
  const stack = Stack.of(role);
  // As AWS's own policy has it: Lambda checks the role before an interface exists, and refuses a function whose role names one.
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
      'Lambda makes the interfaces: their ids are not known beforehand, and the describe calls support no resource.',
    compensatingControl: 'The code of the function is denied these actions; only Lambda itself may use them.',
  });
}
