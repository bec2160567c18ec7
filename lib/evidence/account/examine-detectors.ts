import { GetDetectorCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { type DutyState, stateOf } from './duty-check';

/** Features of GuardDuty for what the platform uses. */
const features = ['S3_DATA_EVENTS', 'RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS', 'RUNTIME_MONITORING'] as const;

/** Whether GuardDuty watches a region, with protection of S3, RDS, Lambda and the tasks of ECS. */
export async function examineDetectors(region: string): Promise<DutyState> {
  const client = new GuardDutyClient({ region });
  // A region has one at most.
  const { DetectorIds: [DetectorId] = [] } = await client.send(new ListDetectorsCommand({}));
  if (DetectorId === undefined) return { state: 'off', detail: 'no detector' };
  const { Status, Features = [] } = await client.send(new GetDetectorCommand({ DetectorId }));
  if (Status !== 'ENABLED') return { state: 'off', detail: `detector ${DetectorId} is suspended` };
  const isEnabled = (name: string) => Features.some((each) => each.Name === name && each.Status === 'ENABLED');
  const runtime = Features.find(({ Name }) => Name === 'RUNTIME_MONITORING')?.AdditionalConfiguration ?? [];
  const agents = runtime.some((each) => each.Name === 'ECS_FARGATE_AGENT_MANAGEMENT' && each.Status === 'ENABLED');
  return stateOf(`detector ${DetectorId} watches`, {
    ...Object.fromEntries(features.map((name) => [name, isEnabled(name)])),
    ECS_FARGATE_AGENT_MANAGEMENT: agents,
  });
}
