import {
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
} from '@aws-sdk/client-config-service';
import { type DutyState, stateOf } from './duty-check';

/** Whether AWS Config records all resource types of a region and evaluates rules. */
export async function examineRecorders(region: string): Promise<DutyState> {
  const client = new ConfigServiceClient({ region });
  const [{ ConfigurationRecorders = [] }, { ConfigurationRecordersStatus = [] }, { ConfigRules = [] }] =
    await Promise.all([
      client.send(new DescribeConfigurationRecordersCommand({})),
      client.send(new DescribeConfigurationRecorderStatusCommand({})),
      client.send(new DescribeConfigRulesCommand({})),
    ]);
  const recording = ConfigurationRecordersStatus.filter((status) => status.recording).map(({ name }) => name);
  const recorder = ConfigurationRecorders.find(({ name }) => recording.includes(name));
  if (!recorder) return { state: 'off', detail: `no recorder records, ${ConfigurationRecorders.length} exist` };
  return stateOf(`recorder ${recorder.name ?? ''} records, ${ConfigRules.length} rules`, {
    'all resource types': recorder.recordingGroup?.allSupported === true,
    rules: ConfigRules.length > 0,
  });
}
