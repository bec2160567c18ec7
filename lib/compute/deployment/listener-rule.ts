import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';

const loadBalancing = new ElasticLoadBalancingV2Client();

/** Makes the rule forward all requests to one target group, unless it already does. */
export async function pointRuleTo(ruleArn: string, targetGroupArn: string): Promise<void> {
  const rule = await describeRule(ruleArn);
  if (forwardsOnlyTo(rule, targetGroupArn)) return;
  console.log(
    JSON.stringify({
      level: 'warn',
      message: 'listener rule pointed back to the running tasks',
      ruleArn,
      targetGroupArn,
    }),
  );
  await loadBalancing.send(
    new ModifyRuleCommand({ RuleArn: ruleArn, Actions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }] }),
  );
}

/**
 * Makes the rule forward to target groups by weight, unless it already does.
 *
 * @param weights the percentage of each group that receives requests; the other groups stay in the rule with 0
 */
export async function weighRule(
  ruleArn: string,
  targetGroupArns: readonly string[],
  weights: Readonly<Record<string, number>>,
): Promise<void> {
  const wanted = targetGroupArns.map((TargetGroupArn) => ({
    TargetGroupArn,
    Weight: Math.round(weights[TargetGroupArn] ?? 0),
  }));
  const shares = sharesOf(await describeRule(ruleArn));
  if (wanted.every(({ TargetGroupArn, Weight }) => Math.round(shares[TargetGroupArn] ?? 0) === Weight)) return;
  console.log(
    JSON.stringify({ level: 'warn', message: 'listener rule weighed as ECS has it', ruleArn, targetGroups: wanted }),
  );
  await loadBalancing.send(
    new ModifyRuleCommand({
      RuleArn: ruleArn,
      Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: wanted } }],
    }),
  );
}

async function describeRule(ruleArn: string): Promise<Rule> {
  const { Rules } = await loadBalancing.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
  const rule = Rules?.[0];
  if (!rule) throw new Error(`The listener rule ${ruleArn} does not exist.`);
  return rule;
}

/** What each target group receives, in percent. A rule with one group has no weights. */
function sharesOf({ Actions = [] }: Rule): Readonly<Record<string, number>> {
  const groups = Actions.flatMap(
    ({ TargetGroupArn, ForwardConfig }) => ForwardConfig?.TargetGroups ?? [{ TargetGroupArn, Weight: 1 }],
  );
  const total = groups.reduce((sum, { Weight = 1 }) => sum + Weight, 0);
  return Object.fromEntries(
    groups.map(({ TargetGroupArn = '', Weight = 1 }) => [TargetGroupArn, (100 * Weight) / (total || 1)]),
  );
}

/** Whether only this target group receives traffic. CodeDeploy leaves the other one in the rule with weight 0. */
function forwardsOnlyTo({ Actions = [] }: Rule, targetGroupArn: string): boolean {
  return Actions.every(({ TargetGroupArn, ForwardConfig }) => {
    const receiving = ForwardConfig?.TargetGroups?.filter(({ Weight }) => (Weight ?? 1) > 0) ?? [{ TargetGroupArn }];
    return receiving.length === 1 && receiving[0]?.TargetGroupArn === targetGroupArn;
  });
}
