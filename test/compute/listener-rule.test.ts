import {
  type Action,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { pointRuleTo } from '../../lib/compute/deployment/listener-rule';

const loadBalancing = mockClient(ElasticLoadBalancingV2Client);
const log = jest.spyOn(console, 'log');

beforeEach(() => {
  loadBalancing.reset();
  log.mockReset();
});

afterAll(() => {
  log.mockRestore();
});

/** A rule that forwards to groups with these weights. */
const weighted = (weights: Record<string, number | undefined>): Action => ({
  Type: 'forward',
  ForwardConfig: {
    TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
  },
});
const plain = (TargetGroupArn: string): Action => ({ Type: 'forward', TargetGroupArn });

async function changesFor(action: Action): Promise<unknown[]> {
  loadBalancing.on(DescribeRulesCommand, { RuleArns: ['rule'] }).resolves({ Rules: [{ Actions: [action] }] });
  await pointRuleTo('rule', 'green');
  return loadBalancing.commandCalls(ModifyRuleCommand).map(({ args }) => args[0].input);
}

test.each([
  ['as CloudFormation writes it', plain('green')],
  ['with one group', weighted({ green: undefined })],
  ['with the smallest weight', weighted({ green: 1 })],
  ['with the other group at rest', weighted({ blue: 0, green: 100 })],
])('leaves a rule that forwards to the tasks unchanged, %s', async (_, action) => {
  await expect(changesFor(action)).resolves.toEqual([]);
  expect(log).not.toHaveBeenCalled();
});

test.each([
  ['to the other group', plain('blue')],
  ['to the other group by weight', weighted({ blue: 100, green: 0 })],
  ['to both groups', weighted({ blue: 10, green: 90 })],
  ['to no group', weighted({ blue: 0, green: 0 })],
])('points a rule that forwards %s to the tasks and logs it', async (_, action) => {
  await expect(changesFor(action)).resolves.toEqual([{ RuleArn: 'rule', Actions: [plain('green')] }]);
  expect(log.mock.calls.map(([line]) => JSON.parse(line as string) as unknown)).toEqual([
    {
      level: 'warn',
      message: 'listener rule pointed back to the running tasks',
      ruleArn: 'rule',
      targetGroupArn: 'green',
    },
  ]);
});

test('points a rule with another forward action to the tasks', async () => {
  loadBalancing.on(DescribeRulesCommand).resolves({ Rules: [{ Actions: [plain('green'), plain('blue')] }] });
  await pointRuleTo('rule', 'green');
  expect(loadBalancing.commandCalls(ModifyRuleCommand)).toHaveLength(1);
});
