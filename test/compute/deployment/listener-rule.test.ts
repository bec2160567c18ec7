import {
  type Action,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { pointRuleTo, weighRule } from '../../../lib/compute/deployment/listener-rule';

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

describe('a rule that ECS weighs', () => {
  const weigh = async (action: Action, weights: Record<string, number>) => {
    loadBalancing.on(DescribeRulesCommand, { RuleArns: ['rule'] }).resolves({ Rules: [{ Actions: [action] }] });
    await weighRule('rule', ['blue', 'green'], weights);
    return loadBalancing.commandCalls(ModifyRuleCommand).map(({ args }) => args[0].input.Actions);
  };

  test.each([
    ['as CloudFormation writes it', plain('green'), { green: 100 }],
    ['with the other group at rest', weighted({ blue: 0, green: 100 }), { green: 100 }],
    ['with weights of the same proportion', weighted({ blue: 9, green: 1 }), { blue: 90, green: 10 }],
  ])('is left as it is %s', async (_, action, weights) => {
    await expect(weigh(action, weights)).resolves.toEqual([]);
    expect(log).not.toHaveBeenCalled();
  });

  test.each([
    ['after CloudFormation has put it to blue', plain('blue'), { green: 100 }, { blue: 0, green: 100 }],
    ['in the middle of a canary', plain('blue'), { blue: 90, green: 10 }, { blue: 90, green: 10 }],
    ['that forwards to no group', weighted({ blue: 0, green: 0 }), { blue: 100 }, { blue: 100, green: 0 }],
  ])('is weighed again %s, and the log says so', async (_, action, weights, expected) => {
    await expect(weigh(action, weights)).resolves.toEqual([[weighted(expected)]]);
    expect(log).toHaveBeenCalledTimes(1);
  });

  test('is named when it does not exist', async () => {
    loadBalancing.on(DescribeRulesCommand).resolves({ Rules: [] });
    await expect(weighRule('rule', ['blue', 'green'], { blue: 100 })).rejects.toThrow(
      'The listener rule rule does not exist.',
    );
  });
});
