import type { DBClusterSnapshot } from '@aws-sdk/client-rds';
import { type ExecutionListItem, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import type { StepEvent } from '../../lib/data/restore-drill/restore-drill-contract';
import { handler } from '../../lib/data/restore-drill/restore-drill-steps.lambda';
import { DrillTemplate } from './drill-template';
import { FakeRds } from './fake-rds';
import { type RunEnd, runStateMachine } from './state-machine-run';

const tier = new DrillTemplate();
const [stepsId] = tier.functionNamed('restore-drill-steps-function-test1');
const [verificationId] = tier.functionNamed('restore-drill-function-test1');
const stepFunctions = mockClient(SFNClient);

/** The run under test, and when it begins. */
export const thisRun = {
  stateMachineArn: 'arn:aws:states:eu-south-2:111122223333:stateMachine:restore-drill-state-machine-test1',
  executionArn: 'arn:aws:states:eu-south-2:111122223333:execution:restore-drill-state-machine-test1:run-2',
  startedAt: '2030-03-10T03:00:00.000Z',
} as const;

/** A moment before this run. */
export function hoursAgo(hours: number): Date {
  return new Date(Date.parse(thisRun.startedAt) - hours * 3_600_000);
}

/** A snapshot of the source cluster. */
export function snapshotOf(id: string, hours: number, Status = 'available'): DBClusterSnapshot {
  return {
    DBClusterSnapshotIdentifier: id,
    DBClusterSnapshotArn: `arn:snapshot:${id}`,
    SnapshotCreateTime: hoursAgo(hours),
    Status,
  };
}

/** The state machine as it is deployed, with its real steps, a fake RDS, and a clock of its own. */
export class DrillHarness {
  readonly rds = new FakeRds();
  /** The fake of the function that checks the copy. */
  readonly verify = jest.fn<Promise<unknown>, [unknown]>().mockResolvedValue({ outcome: 'verified' });
  /** Other runs. */
  readonly others: ExecutionListItem[] = [];
  readonly #metrics: Record<string, unknown>[] = [];

  constructor() {
    const { stateMachineArn, executionArn } = thisRun;
    const now = hoursAgo(0);
    jest.useFakeTimers({ now, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout'] });
    this.rds.snapshots = [snapshotOf('older', 25), snapshotOf('newest', 2), snapshotOf('unfinished', 1, 'creating')];
    stepFunctions.reset();
    stepFunctions.on(ListExecutionsCommand, { stateMachineArn, statusFilter: 'RUNNING' }).callsFake(() => ({
      executions: [{ executionArn, startDate: now }, ...this.others],
    }));
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
      this.#metrics.push(JSON.parse(String(line)) as Record<string, unknown>);
      return true;
    });
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const environment = tier.environmentOf('restore-drill-steps-function-test1');
    jest.replaceProperty(process, 'env', { ...process.env, ...environment });
  }

  /** Runs the state machine to its end. */
  run(): Promise<RunEnd> {
    const { executionArn, stateMachineArn, startedAt } = thisRun;
    return runStateMachine(tier.definition, {
      context: { Execution: { Id: executionArn, StartTime: startedAt }, StateMachine: { Id: stateMachineArn } },
      wait: (seconds) => {
        jest.setSystemTime(Date.now() + seconds * 1000);
      },
      invoke: (resource, payload) => {
        if (resource === verificationId) return this.verify(payload);
        if (resource === stepsId) return handler(payload as StepEvent);
        throw new Error(`There is no function ${resource}.`);
      },
    });
  }

  /** The logged lines. */
  get lines(): readonly object[] {
    return this.#metrics;
  }

  /** The highest reported value of a metric. */
  figure(name: string): number | undefined {
    return this.#metrics
      .flatMap((line) => (typeof line[name] === 'number' ? [line[name]] : []))
      .sort((a, b) => b - a)[0];
  }

  /** The remaining resources of the copy. */
  get left(): object[] {
    return [this.rds.cluster, this.rds.instance].filter((each) => each !== undefined);
  }

  stop(): void {
    jest.restoreAllMocks();
    jest.useRealTimers();
    this.rds.mock.restore();
  }
}
