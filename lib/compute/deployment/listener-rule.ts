import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';

const loadBalancing = new ElasticLoadBalancingV2Client();

/** Makes the rule forward all requests to one target group, unless it already does. */
export async function pointRuleTo(ruleArn: string, targetGroupArn: string): Promise<void> {
  const { Rules } = await loadBalancing.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
  const rule = Rules?.[0];
  if (!rule) throw new Error(`The listener rule ${ruleArn} does not exist.`);
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

/** Whether only this target group receives traffic. CodeDeploy leaves the other one in the rule with weight 0. */
function forwardsOnlyTo({ Actions = [] }: Rule, targetGroupArn: string): boolean {
  return Actions.every(({ TargetGroupArn, ForwardConfig }) => {
    const receiving = ForwardConfig?.TargetGroups?.filter(({ Weight }) => (Weight ?? 1) > 0) ?? [{ TargetGroupArn }];
    return receiving.length === 1 && receiving[0]?.TargetGroupArn === targetGroupArn;
  });
}
