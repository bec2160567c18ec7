import type { Statement } from './statements';

const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** The EC2 actions of AWS's own policy for functions in a VPC, AWSLambdaVPCAccessExecutionRole, as of its version 3. */
export const networkInterfaceActions = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * What policies of AWS allow, on every resource.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const actionsOfAws: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  'service-role/AWSLambdaBasicExecutionRole': logs,
  'service-role/AWSLambdaVPCAccessExecutionRole': [...logs, ...networkInterfaceActions],
};

/** The statements of a policy of AWS; `undefined` for one whose content is not listed here. */
export function statementsOfAws(arn: string): Statement[] | undefined {
  const name = arn.replace(/^arn:aws:iam::aws:policy\//, '');
  const actions = actionsOfAws[name];
  return (
    actions && [
      {
        sid: name,
        effect: 'Allow',
        actions,
        excludesActions: false,
        resources: ['*'],
        excludesResources: false,
        principals: [],
        conditions: [],
      },
    ]
  );
}
