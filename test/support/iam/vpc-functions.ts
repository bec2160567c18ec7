import type { PlatformPolicies } from './platform-policies';
import { isAbout } from './key-access';
import { rolesOf } from './roles';

/** The EC2 actions of AWS's own policy for functions in a VPC, AWSLambdaVPCAccessExecutionRole, as of its version 3. */
const actionsOfVersion3 = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

const policyOfAws = 'service-role/AWSLambdaVPCAccessExecutionRole';

/** Every function in the VPC with the EC2 actions that its role lacks for it. */
export function vpcFunctions(policies: PlatformPolicies): { name: string; missing: string[] }[] {
  const roles = rolesOf(policies);
  return policies.platform.all.flatMap((stack) =>
    stack.resources
      .properties('AWS::Lambda::Function')
      .filter(({ VpcConfig }) => VpcConfig !== undefined)
      .map(({ FunctionName, Role }) => {
        const arn = policies.values.text(stack, Role);
        const { statements = [], managedByAws = [] } = roles.find((role) => role.arn === arn) ?? {};
        const isGranted = (action: string) =>
          managedByAws.includes(policyOfAws) ||
          statements.some((statement) => statement.effect === 'Allow' && isAbout(statement, action, '*'));
        return {
          name: policies.values.text(stack, FunctionName),
          missing: actionsOfVersion3.filter((action) => !isGranted(action)),
        };
      }),
  );
}
