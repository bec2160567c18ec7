import { RDSClient } from '@aws-sdk/client-rds';
import { paginateListExecutions, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { LifecycleTarget } from './restore-drill-contract';
import { removeDatabase } from './restored-cluster';
import { physicalId } from '../../constructs/physical-id';

const rds = new RDSClient({ maxAttempts: 5 });
const stepFunctions = new SFNClient({ maxAttempts: 5 });

/** Longer than the timeout of each step that creates something, so that no step of a stopped run is still in progress. */
const settlingMilliseconds = 120_000;

interface OnEventResult {
  readonly PhysicalResourceId: string;
  readonly Data: { readonly Since: string };
}

/**
 * Starts the first run of an environment. It reports that there is nothing to restore yet. Without it, the alarm on missing runs would fire
 * in each new environment until the first scheduled run.
 */
export async function onEvent(event: CloudFormationCustomResourceEvent): Promise<OnEventResult> {
  if (event.RequestType === 'Create') {
    const { STATE_MACHINE_ARN: stateMachineArn } = process.env as unknown as LifecycleTarget;
    // With the same name, a retry of this request starts no second run.
    await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name: `first-${event.RequestId}`, input: '{}' }),
    );
  }
  return { PhysicalResourceId: physicalId(event, 'restore-drill'), Data: { Since: new Date().toISOString() } };
}

/**
 * Stops a running drill and deletes its copy before the stack, or a dependency of the copy, is deleted. CloudFormation does not manage the
 * copy and cannot delete its subnet group, parameter group and security group while it exists.
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
