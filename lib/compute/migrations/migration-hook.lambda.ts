import { isRollingBack } from '../deployment/deployment-step';
import type { SchemaMigrationProperties } from '../deployment/deployment-steps-contract';
import { longestMigrationMinutes, type MigrationHookEnvironment } from './migration-hook-contract';
import { hasMigrated, startMigration } from './migration-task-run';

/** What one invocation leaves to the next one of the same deployment. */
interface MigrationRun {
  readonly taskArn: string;
  /** In milliseconds since the epoch. */
  readonly startedAt: number;
}

/**
 * What ECS sends to a lifecycle hook.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
 */
export interface LifecycleHookEvent {
  /** The ARN of the service deployment. */
  readonly resourceArn: string;
  readonly hookDetails?: Partial<MigrationRun> | null;
}

/** What ECS accepts as the answer. */
export type LifecycleHookResult =
  | { readonly hookStatus: 'SUCCEEDED' | 'FAILED' }
  /** `callBackDelay` is in seconds. */
  | { readonly hookStatus: 'IN_PROGRESS'; readonly callBackDelay: number; readonly hookDetails: MigrationRun };

/** Runs the migrations of the new image before ECS starts its tasks. ECS invokes it until it has succeeded or failed. */
export async function handler(event: LifecycleHookEvent): Promise<LifecycleHookResult> {
  try {
    return await advance(event);
  } catch (error) {
    // ECS takes a thrown error for a failure as well, and keeps its message nowhere.
    const message = error instanceof Error ? error.message : String(error);
    console.log(JSON.stringify({ level: 'error', message, deployment: event.resourceArn }));
    return { hookStatus: 'FAILED' };
  }
}

async function advance({ resourceArn, hookDetails }: LifecycleHookEvent): Promise<LifecycleHookResult> {
  const { MIGRATION, STACK_ID } = process.env as unknown as MigrationHookEnvironment;
  const properties = JSON.parse(MIGRATION) as SchemaMigrationProperties;
  const { taskArn, startedAt = Date.now() } = hookDetails ?? {};
  if (taskArn === undefined) {
    // Migrations never run backwards: they are compatible with the version before, so the old image runs on the new schema.
    if (await isRollingBack(STACK_ID)) return { hookStatus: 'SUCCEEDED' };
    // ECS may ask twice: the deployment's id finds the task that was started first.
    return waitFor({ taskArn: await startMigration(properties, resourceArn.split('/').at(-1) ?? ''), startedAt });
  }
  if (await hasMigrated(properties.ClusterArn, taskArn)) return { hookStatus: 'SUCCEEDED' };
  if (Date.now() - startedAt > longestMigrationMinutes * 60_000) {
    throw new Error(`The schema migration's task ${taskArn} has not ended after ${longestMigrationMinutes} minutes.`);
  }
  return waitFor({ taskArn, startedAt });
}

function waitFor(hookDetails: MigrationRun): LifecycleHookResult {
  return { hookStatus: 'IN_PROGRESS', callBackDelay: 15, hookDetails };
}
