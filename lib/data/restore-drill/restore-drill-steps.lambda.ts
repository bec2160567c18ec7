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
 * Does one step of a restore drill. Each is short and may be repeated: the state machine waits, counts and gives up.
 *
 * @throws RestoreDrillError, whose name tells the state machine whether to try again
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

/** Removes what an earlier run has left behind, and tells of it. */
async function sweep(target: RestoreDrillTarget, run: RestoreDrillRun): Promise<void> {
  await refuseBesideAnotherRun(run);
  if (await removeDatabase(rds, target)) return;
  writeMetrics(target.ENVIRONMENT_NAME, { leftOver: 1 });
  throw new RestoreDrillError(
    'wait',
    `Cluster ${target.RESTORED_CLUSTER} is left over from an earlier run and being deleted.`,
  );
}

async function waitUntilGone(target: RestoreDrillTarget): Promise<void> {
  if (await removeDatabase(rds, target)) return;
  throw new RestoreDrillError('wait', `Cluster ${target.RESTORED_CLUSTER} is being deleted.`);
}

/** A schedule may fire twice, and people start runs too. Of two, the one that began later gives way. */
async function refuseBesideAnotherRun({ stateMachineArn, executionArn, startedAt }: RestoreDrillRun): Promise<void> {
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }),
  );
  const began = Date.parse(startedAt);
  const earlier = executions.find(({ executionArn: other = '', startDate }) => {
    const ahead = began - (startDate?.getTime() ?? Infinity);
    return other !== executionArn && (ahead > 0 || (ahead === 0 && other < executionArn));
  });
  if (earlier) throw new RestoreDrillError('anotherRun', `${earlier.executionArn ?? 'Another run'} is still going on.`);
}

/** A run that found nothing to restore yet neither passed nor failed. */
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
