import { networkInterfaceActions } from '../../../lib/evidence/access/managed-policies';
import type { PlatformPolicies } from './platform-policies';
import { isAbout } from './key-access';
import { rolesOf } from './roles';

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
          missing: networkInterfaceActions.filter((action) => !isGranted(action)),
        };
      }),
  );
}
