import { GetScheduleCommand, type GetScheduleCommandOutput, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { type ExecutionListItem, ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { StackResources } from '../stack-resources';
import { problems } from './problems';

/** The schedule and the executions of the restore drill. */
export interface DeployedDrill {
  readonly schedule: Pick<GetScheduleCommandOutput, 'Name' | 'State' | 'Target'>;
  /** The newest first. */
  readonly runs: readonly Pick<ExecutionListItem, 'name' | 'status'>[];
}

/** Reads the one schedule of the data stack, and what has become of the state machine's runs. */
export async function readDrill(
  scheduler: SchedulerClient,
  stepFunctions: SFNClient,
  data: StackResources,
  stateMachineArn: string,
): Promise<DeployedDrill> {
  const [schedule, { executions = [] }] = await Promise.all([
    scheduler.send(new GetScheduleCommand({ Name: data.only('AWS::Scheduler::Schedule') })),
    stepFunctions.send(new ListExecutionsCommand({ stateMachineArn })),
  ]);
  return { schedule, runs: executions };
}

/** The schedule is enabled, a run exists, and the last one passed. */
export function drillProblems(
  { schedule: { Name = 'the schedule', State, Target }, runs }: DeployedDrill,
  stateMachineArn: string,
): string[] {
  const last = runs.find(({ status }) => status !== 'RUNNING');
  return problems([
    [State === 'ENABLED', `${Name} is ${State ?? 'without state'}: no drill begins by itself`],
    [Target?.Arn === stateMachineArn, `${Name} starts ${Target?.Arn ?? 'nothing'}, not the restore drill`],
    [runs.length > 0, 'no restore drill has been run'],
    [
      last === undefined || last.status === 'SUCCEEDED',
      `the last restore drill, ${last?.name ?? ''}, has ${last?.status ?? ''}: backups may be of no use`,
    ],
  ]);
}
