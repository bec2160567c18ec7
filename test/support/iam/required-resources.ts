import { actionDetails, actionsNamed, resourceTypesNamed } from './action-reference';
import type { RolePolicies } from './roles';

/** Types that the reference marks as required and that a request of ours does not name. */
const notRequested: Readonly<Record<string, readonly string[]>> = {
  // A Classic Load Balancer; ours tags a listener rule.
  'elasticloadbalancing:AddTags': ['loadbalancer'],
  'elasticloadbalancing:RemoveTags': ['loadbalancer'],
  // A listener and its rules belong to one kind of load balancer; ours is an application load balancer.
  'elasticloadbalancing:ModifyListener': ['listener/gwy', 'listener/net'],
  'elasticloadbalancing:ModifyRule': ['listener-rule/net'],
  // The restored cluster is deleted without a final snapshot.
  'rds:DeleteDBCluster': ['cluster-snapshot'],
  // Executions are listed by state machine, not by map run.
  'states:ListExecutions': ['maprun'],
};

/**
 * Actions of a role that AWS would deny because one of several resources that they need is not granted: `rds:CreateDBInstance` needs the
 * instance and its subnet group. Actions that a pattern names are left out: the pattern does not say that all of them are meant.
 */
export async function missingResources({ statements }: RolePolicies): Promise<string[]> {
  const allowed = statements.filter(({ effect, excludesActions }) => effect === 'Allow' && !excludesActions);
  const actions = new Set(allowed.flatMap((statement) => statement.actions).filter((action) => !action.includes('*')));
  const problems = await Promise.all(
    [...actions].map(async (action) => {
      const [known] = await actionsNamed(action);
      if (known === undefined) return [];
      const { service, resourceTypes } = await actionDetails(known);
      const resources = allowed.filter((each) => each.actions.includes(action)).flatMap((each) => each.resources);
      if (resources.includes('*')) return [];
      const granted = (await Promise.all(resources.map((arn) => resourceTypesNamed(service, arn)))).flat();
      return resourceTypes
        .filter(({ name, required }) => required && !granted.includes(name))
        .filter(({ name }) => !notRequested[action]?.includes(name))
        .map(({ name }) => `${action} needs a ${name} too, and is granted on ${resources.join(', ')} only`);
    }),
  );
  return problems.flat();
}
