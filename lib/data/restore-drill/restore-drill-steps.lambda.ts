import { RDSClient } from '@aws-sdk/client-rds';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type {
  RestoreDrillOutcome,
  RestoreDrillRun,
  RestoreDrillTarget,
  RestoreAnswer,
  StepEvent,
} from './restore-drill-contract';
import { RestoreDrillError } from './restore-drill-error';
import { writeMetrics } from './restore-drill-metrics';
import { restoreSnapshot } from './restore-snapshot';
import { awaitDatabase, removeDatabase, type RestoredEndpoint } from './restored-cluster';

const rds = new RDSClient({ maxAttempts: 5 });
const stepFunctions = new SFNClient({ maxAttempts: 5 });

/**
 * Runs one step of a restore drill. Steps are short and idempotent. The state machine waits, counts attempts and gives up.
 *
 * @throws RestoreDrillError, whose name tells the state machine whether to retry
 */
export async function handler(event: StepEvent): Promise<RestoreAnswer | RestoredEndpoint | undefined> {
  const target = process.env as unknown as RestoreDrillTarget;
  switch (event.step) {
    case 'sweep':
      await sweep(target, event);
      return undefined;
    case 'restore':
      return restoreSnapshot(rds, target, event);
    case 'await-database':
      return awaitDatabase(rds, target);
    case 'clean-up':
      await waitUntilGone(target);
      return undefined;
    case 'report':
      report(target, event, event.outcome);
      return undefined;
  }
}

/** Deletes the copy of an earlier run and reports it. */
async function sweep(target: RestoreDrillTarget, run: RestoreDrillRun): Promise<void> {
  await refuseBesideAnotherRun(run);
  if (await removeDatabase(rds, target)) return;
  writeMetrics(target.ENVIRONMENT_NAME, { leftOver: 1 });
  throw new RestoreDrillError('wait', `The cluster ${target.RESTORED_CLUSTER} of an earlier run is being deleted.`);
}

async function waitUntilGone(target: RestoreDrillTarget): Promise<void> {
  if (await removeDatabase(rds, target)) return;
  throw new RestoreDrillError('wait', `The cluster ${target.RESTORED_CLUSTER} is being deleted.`);
}

/** Schedules may fire twice, and operators start runs too. Of two runs, the later one gives way. */
async function refuseBesideAnotherRun({ stateMachineArn, executionArn, startedAt }: RestoreDrillRun): Promise<void> {
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }),
  );
  const began = Date.parse(startedAt);
  const earlier = executions.find(({ executionArn: other = '', startDate }) => {
    const ahead = began - (startDate?.getTime() ?? Infinity);
    return other !== executionArn && (ahead > 0 || (ahead === 0 && other < executionArn));
  });
  if (earlier)
    throw new RestoreDrillError('anotherRun', `${earlier.executionArn ?? 'Another run'} is still in progress.`);
}

/** The outcome of a run. A run with nothing to restore neither passes nor fails. */
function report(
  { ENVIRONMENT_NAME }: RestoreDrillTarget,
  { startedAt }: RestoreDrillRun,
  outcome: RestoreDrillOutcome,
): void {
  const { failure, cleanUpFailure, verification } = outcome;
  const verified = verification?.outcome === 'verified';
  writeMetrics(ENVIRONMENT_NAME, {
    ...((verified || failure) && { passed: verified ? 1 : 0 }),
    seconds: (Date.now() - Date.parse(startedAt)) / 1000,
    leftOver: cleanUpFailure ? 1 : 0,
  });
  console.log(JSON.stringify({ message: 'the restore drill has ended', ...outcome }));
}
