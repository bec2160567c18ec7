import { ListExecutionsCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { isComplete, onEvent } from '../../../lib/data/restore-drill/restore-drill-lifecycle.lambda';
import { customResourceEvent } from '../../support/custom-resource-events';
import { DrillTemplate } from '../../support/drill-template';
import { FakeRds } from '../../support/fake-rds';

const tier = new DrillTemplate();
const event = (type: 'Create' | 'Update' | 'Delete') => customResourceEvent(type, 'Custom::RestoreDrill', {});
const begun = new Date('2030-03-10T03:00:00Z');
const stepFunctions = mockClient(SFNClient);
let rds: FakeRds;

beforeEach(() => {
  jest.useFakeTimers({ now: begun, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout'] });
  rds = new FakeRds();
  stepFunctions.reset();
  stepFunctions.on(ListExecutionsCommand).resolves({ executions: [] });
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  rds.mock.restore();
});

function inFunction(purpose: 'begin' | 'end'): void {
  const environment = tier.environmentOf(`restore-drill-${purpose}-function-test1`);
  jest.replaceProperty(process, 'env', { ...process.env, ...environment });
}

/** Calls `isComplete` of a deletion after some minutes, or of a replacement of dependencies of a copy. */
async function mayGo(minutes: number, type: 'Update' | 'Delete' = 'Delete'): Promise<boolean> {
  jest.setSystemTime(begun.getTime() + minutes * 60_000);
  const answer = { PhysicalResourceId: 'restore-drill', Data: { Since: begun.toISOString() } };
  return (await isComplete({ ...event(type), ...answer })).IsComplete;
}

test('starts exactly one run in a new environment, even if the call is repeated', async () => {
  inFunction('begin');
  const create = event('Create');
  await onEvent(create);
  await onEvent(create);
  const starts = stepFunctions.commandCalls(StartExecutionCommand).map(({ args }) => args[0].input);
  expect(starts).toEqual([starts[0], starts[0]]);
  expect(starts[0]).toEqual({
    stateMachineArn: expect.stringContaining(':stateMachine:restore-drill-state-machine-test1') as string,
    name: `first-${create.RequestId}`,
    input: '{}',
  });
});

test.each(['Update', 'Delete'] as const)('%s does not start a run', async (type) => {
  inFunction('begin');
  expect(await onEvent(event(type))).toEqual({
    PhysicalResourceId: type === 'Delete' ? 'earlier' : 'restore-drill',
    Data: { Since: begun.toISOString() },
  });
  expect(stepFunctions.commandCalls(StartExecutionCommand)).toEqual([]);
});

test('does not wait or delete at creation', async () => {
  inFunction('end');
  rds.cluster = { status: 'available', asksLeft: 0, tags: [] };
  const answer = { PhysicalResourceId: 'restore-drill', Data: { Since: begun.toISOString() } };
  expect(await isComplete({ ...event('Create'), ...answer })).toEqual({ IsComplete: true });
  expect(rds.mock.calls()).toEqual([]);
});

test('completes a deletion once the run is stopped and the copy deleted', async () => {
  inFunction('end');
  stepFunctions
    .on(ListExecutionsCommand)
    .resolvesOnce({ executions: [{ executionArn: 'run-1' }], nextToken: 'more' } as never)
    .resolvesOnce({ executions: [{ executionArn: 'run-2' }] } as never)
    .resolves({ executions: [] });
  rds.cluster = { status: 'available', asksLeft: 0, tags: [] };
  rds.instance = { status: 'creating', asksLeft: 3, tags: [] };
  expect(await mayGo(10)).toBe(false);
  const stopped = stepFunctions.commandCalls(StopExecutionCommand).map(({ args }) => args[0].input.executionArn);
  expect(stopped).toEqual(['run-1', 'run-2']);
  let minutes = 11;
  while (!(await mayGo(minutes)) && minutes < 30) minutes += 1;
  expect([rds.cluster, rds.instance]).toEqual([undefined, undefined]);
  expect(minutes).toBeLessThan(30);
});

test('waits for a cluster that RDS is creating', async () => {
  inFunction('end');
  rds.cluster = { status: 'creating', asksLeft: 5, tags: [] };
  const answers = [];
  for (let minute = 3; minute < 13; minute += 1) answers.push(await mayGo(minute));
  expect(answers.slice(0, 6)).toEqual(Array(6).fill(false));
  expect(answers.at(-1)).toBe(true);
});

test('waits for the timeout of a step if nothing exists yet', async () => {
  inFunction('end');
  expect(await mayGo(0)).toBe(false);
  const [, steps] = tier.functionNamed('restore-drill-steps-function-test1');
  const stepMinutes = (steps['Timeout'] as number) / 60;
  expect(await mayGo(stepMinutes)).toBe(false);
  expect(await mayGo(2)).toBe(true);
});

test('keeps the dependencies of a copy', async () => {
  inFunction('end');
  rds.cluster = { status: 'available', asksLeft: 0, tags: [] };
  expect(await mayGo(3, 'Update')).toBe(false);
  expect(rds.calls('DeleteDBClusterCommand')).toHaveLength(1);
});
