import { RDSClient } from '@aws-sdk/client-rds';
import { paginateListExecutions, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { LifecycleTarget } from './restore-drill-contract';
import { removeDatabase } from './restored-cluster';
import { physicalId } from '../../constructs/physical-id';

const rds = new RDSClient({ maxAttempts: 5 });
const stepFunctions = new SFNClient({ maxAttempts: 5 });

/** A step that was under way when its run was stopped has ended by then: none that makes something may take as long. */
const settlingMilliseconds = 120_000;

interface OnEventResult {
  readonly PhysicalResourceId: string;
  readonly Data: { readonly Since: string };
}

/**
 * Starts the first run with the environment. It finds nothing to restore yet and says so, from which on a missing run is noticed; waiting
 * for the schedule would raise that alarm on each new environment.
 */
export async function onEvent(event: CloudFormationCustomResourceEvent): Promise<OnEventResult> {
  if (event.RequestType === 'Create') {
    const { STATE_MACHINE_ARN: stateMachineArn } = process.env as unknown as LifecycleTarget;
    // A retry of this very request names the run that the first try started, and starts no other.
    await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name: `first-${event.RequestId}`, input: '{}' }),
    );
  }
  return { PhysicalResourceId: physicalId(event, 'restore-drill'), Data: { Since: new Date().toISOString() } };
}

/**
 * Before the stack goes, or replaces what a copy holds on to, stops the drill that runs and deletes the copy: CloudFormation knows nothing
 * of that cluster, and could delete neither its subnet group nor its parameters nor its security group while it stands.
 */
export async function isComplete({
  RequestType,
  Data,
}: CloudFormationCustomResourceEvent & OnEventResult): Promise<{ IsComplete: boolean }> {
  if (RequestType === 'Create') return { IsComplete: true };
  const target = process.env as unknown as LifecycleTarget;
  await stopRuns(target.STATE_MACHINE_ARN);
  const isGone = await removeDatabase(rds, target);
  const isSettled = Date.now() - Date.parse(Data.Since) >= settlingMilliseconds;
  return { IsComplete: isGone && isSettled };
}

async function stopRuns(stateMachineArn: string): Promise<void> {
  const running = { stateMachineArn, statusFilter: 'RUNNING' } as const;
  for await (const { executions = [] } of paginateListExecutions({ client: stepFunctions }, running)) {
    for (const { executionArn } of executions) {
      await stepFunctions.send(
        new StopExecutionCommand({ executionArn, cause: 'The environment is being destroyed.' }),
      );
    }
  }
}
