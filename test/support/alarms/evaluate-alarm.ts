import { alarmState, type AlarmState, furtherPeriods } from './alarm-state';
import { DataPoints } from './data-points';
import { evaluateMetricMath, type Series } from './metric-math';
import type { NamedMetric, TemplateAlarm, TemplateCompositeAlarm } from './template-alarms';

/** Published data of a metric in one minute; `undefined` for no data. */
export type Samples = readonly number[] | undefined;

/** A stretch of time with all that is published in it. Minute 0 is midnight; minutes before it are the days before. */
export interface Timeline {
  readonly firstMinute: number;
  readonly lastMinute: number;
  /** How many minutes after their end the data of a minute can be read. */
  readonly lateMinutes: number;
  readonly samplesOf: (metric: NamedMetric) => (minute: number) => Samples;
}

/** The states of an alarm during a timeline. */
export interface AlarmHistory {
  readonly fired: boolean;
  readonly last: AlarmState;
  /** The minutes at whose end the state changed, with the new state. */
  readonly changes: readonly { readonly minute: number; readonly state: AlarmState }[];
}

/** Evaluations during one period, at least one an hour. CloudWatch has more: one a minute, or one an hour where the window exceeds a day. */
const evaluationsPerPeriod = 12;

/**
 * Evaluates an alarm over a timeline, beginning in OK. Its periods slide: they end where the evaluation takes place.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 */
export function evaluateAlarm(alarm: TemplateAlarm, timeline: Timeline): AlarmHistory {
  const { periodMinutes } = alarm;
  const step = Math.min(60, Math.max(1, Math.floor(periodMinutes / evaluationsPerPeriod)));
  const length = alarm.evaluationPeriods + furtherPeriods;
  const data = new DataPoints(timeline, timeline.firstMinute - length * periodMinutes);
  const changes: AlarmHistory['changes'][number][] = [];
  let last: AlarmState = 'OK';
  for (let end = timeline.firstMinute + step; end <= timeline.lastMinute; end += step) {
    const state = alarmState(alarm, watchedRange(alarm, end, length, data), last);
    if (state !== last) changes.push({ minute: end, state });
    last = state;
  }
  return { fired: changes.some(({ state }) => state === 'ALARM'), last, changes };
}

/** The data points of the evaluation range that ends with the minute before `end`. */
function watchedRange(alarm: TemplateAlarm, end: number, length: number, data: DataPoints): Series {
  const seriesOf = (id: string): Series => {
    const expression = alarm.expressions[id];
    if (expression !== undefined) return evaluateMetricMath(expression, length, seriesOf);
    const query = alarm.queries[id];
    if (!query) throw new Error(`${alarm.id} refers to '${id}', which it does not define.`);
    return Array.from({ length }, (_, index) => {
      const begin = end - (length - index) * alarm.periodMinutes;
      return data.dataPoint(query, begin, begin + alarm.periodMinutes, end);
    });
  };
  return seriesOf(alarm.watched);
}

/** When a composite alarm began and ceased to fire, from the histories of its children. */
export function evaluateComposite(
  { children, fires }: TemplateCompositeAlarm,
  historyOf: (alarm: TemplateAlarm) => AlarmHistory,
): AlarmHistory {
  const events = children
    .flatMap((alarm) => historyOf(alarm).changes.map((change) => ({ ...change, alarm })))
    .sort((one, other) => one.minute - other.minute);
  const firing = new Set<TemplateAlarm>();
  const changes: AlarmHistory['changes'][number][] = [];
  let last: AlarmState = 'OK';
  for (const [index, { minute, state, alarm }] of events.entries()) {
    if (state === 'ALARM') firing.add(alarm);
    else firing.delete(alarm);
    // Changes of the same minute count together.
    if (events[index + 1]?.minute === minute) continue;
    const next = fires(firing) ? 'ALARM' : 'OK';
    if (next !== last) changes.push({ minute, state: next });
    last = next;
  }
  return { fired: changes.length > 0, last, changes };
}
