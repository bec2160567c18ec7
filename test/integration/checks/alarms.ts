import {
  type CloudWatchClient,
  type CompositeAlarm,
  type MetricAlarm,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import type { StackResources } from '../stack-resources';
import { problems } from './problems';

/** The alarms of a stack: the expected names and the alarms in CloudWatch. */
export interface DeployedAlarms {
  readonly expected: readonly string[];
  readonly metric: readonly MetricAlarm[];
  readonly composite: readonly CompositeAlarm[];
}

/** Reads every alarm of a stack. */
export async function readAlarms(client: CloudWatchClient, stack: StackResources): Promise<DeployedAlarms> {
  const ids = [...stack.all('AWS::CloudWatch::Alarm'), ...stack.all('AWS::CloudWatch::CompositeAlarm')];
  // A name or an ARN.
  const expected = ids.map((id) => id.split(':alarm:').at(-1) ?? id);
  const metric: MetricAlarm[] = [];
  const composite: CompositeAlarm[] = [];
  // Without names, CloudWatch would answer with every alarm of the account.
  if (expected.length === 0) return { expected, metric, composite };
  const question = { AlarmNames: expected, AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const] };
  for await (const page of paginateDescribeAlarms({ client }, question)) {
    metric.push(...(page.MetricAlarms ?? []));
    composite.push(...(page.CompositeAlarms ?? []));
  }
  return { expected, metric, composite };
}

/** Every alarm exists, has actions enabled and notifies the topic, itself or through a composite alarm of its stack. */
export function alarmProblems({ expected, metric, composite }: DeployedAlarms, topicArn: string): string[] {
  const found = new Map([...metric, ...composite].map((alarm) => [alarm.AlarmName, alarm]));
  return expected.flatMap((name) => {
    const alarm = found.get(name);
    if (alarm === undefined) return [`the alarm ${name} is missing`];
    return problems([
      [alarm.ActionsEnabled === true, `the actions of ${name} are switched off`],
      [
        alarm.AlarmActions?.includes(topicArn) === true || isEvaluated(name, composite),
        `${name} does not notify ${topicArn}`,
      ],
    ]);
  });
}

/** Each alarm of the compute tier notifies the topic, itself or through a composite alarm, or scales the service. */
export function computeAlarmProblems(
  compute: DeployedAlarms,
  composite: readonly CompositeAlarm[],
  topicArn: string,
): string[] {
  return compute.expected.flatMap((name) => {
    const found = compute.metric.find(({ AlarmName }) => AlarmName === name);
    const actions = found?.AlarmActions ?? [];
    const acts =
      actions.includes(topicArn) ||
      actions.some((action) => action.includes(':scalingPolicy:')) ||
      isEvaluated(name, composite);
    return problems([
      [found !== undefined, `the alarm ${name} is missing`],
      [acts, `${name} notifies neither ${topicArn} nor a composite alarm, and scales nothing`],
    ]);
  });
}

/** Whether the rule of a composite alarm contains an alarm. */
function isEvaluated(name: string, composite: readonly CompositeAlarm[]): boolean {
  return composite.some(({ AlarmRule = '' }) => AlarmRule.includes(`:alarm:${name}"`));
}
