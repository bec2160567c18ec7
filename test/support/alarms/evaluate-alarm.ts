import { alarmState, type AlarmState, furtherPeriods } from './alarm-state';
import { evaluateMetricMath, type Series } from './metric-math';
import type { MetricQuery, NamedMetric, TemplateAlarm } from './template-alarms';

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
}

/** Evaluates an alarm at the end of each of its periods, beginning in OK. */
export function evaluateAlarm(alarm: TemplateAlarm, timeline: Timeline): AlarmHistory {
  const { periodMinutes } = alarm;
  const reader = new DataPoints(timeline, periodMinutes);
  let last: AlarmState = 'OK';
  let fired = false;
  const first = Math.ceil(timeline.firstMinute / periodMinutes);
  for (let period = first; (period + 1) * periodMinutes <= timeline.lastMinute; period += 1) {
    last = alarmState(alarm, watchedRange(alarm, period, reader), last);
    fired ||= last === 'ALARM';
  }
  return { fired, last };
}

/** The data points of the evaluation range that ends with `period`. */
function watchedRange(alarm: TemplateAlarm, period: number, reader: DataPoints): Series {
  const length = alarm.evaluationPeriods + furtherPeriods;
  const seriesOf = (id: string): Series => {
    const expression = alarm.expressions[id];
    if (expression !== undefined) return evaluateMetricMath(expression, length, seriesOf);
    const query = alarm.queries[id];
    if (!query) throw new Error(`${alarm.id} refers to '${id}', which it does not define.`);
    return Array.from({ length }, (_, index) => reader.dataPoint(query, period - length + 1 + index, period));
  };
  return seriesOf(alarm.watched);
}

/** Statistics of whole periods, as they can be read at the end of a period. */
class DataPoints {
  readonly #timeline: Timeline;
  readonly #periodMinutes: number;
  readonly #samples = new Map<MetricQuery, (minute: number) => Samples>();
  readonly #complete = new Map<MetricQuery, Map<number, number | undefined>>();

  constructor(timeline: Timeline, periodMinutes: number) {
    this.#timeline = timeline;
    this.#periodMinutes = periodMinutes;
  }

  dataPoint(query: MetricQuery, period: number, readAt: number): number | undefined {
    const readable = (readAt + 1) * this.#periodMinutes - this.#timeline.lateMinutes;
    const end = (period + 1) * this.#periodMinutes;
    if (end > readable) return this.#statistic(query, period, readable);
    const known = this.#complete.get(query) ?? new Map<number, number | undefined>();
    this.#complete.set(query, known);
    if (!known.has(period)) known.set(period, this.#statistic(query, period, end));
    return known.get(period);
  }

  #statistic(query: MetricQuery, period: number, end: number): number | undefined {
    const samplesAt = this.#samples.get(query) ?? this.#timeline.samplesOf(query.metric);
    this.#samples.set(query, samplesAt);
    const samples: number[] = [];
    for (let minute = period * this.#periodMinutes; minute < end; minute += 1) {
      samples.push(...(samplesAt(minute) ?? []));
    }
    return samples.length === 0 ? undefined : statisticOf(samples, query.statistic);
  }
}

function statisticOf(samples: readonly number[], statistic: string): number {
  const sum = () => samples.reduce((total, sample) => total + sample, 0);
  switch (statistic) {
    case 'Sum':
      return sum();
    case 'SampleCount':
      return samples.length;
    case 'Average':
      return sum() / samples.length;
    case 'Maximum':
      return Math.max(...samples);
    case 'Minimum':
      return Math.min(...samples);
    default:
      return percentile(samples, statistic);
  }
}

function percentile(samples: readonly number[], statistic: string): number {
  const [, percent] = /^p(\d+(?:\.\d+)?)$/.exec(statistic) ?? [];
  if (percent === undefined) throw new Error(`The statistic ${statistic} is not implemented here.`);
  const sorted = [...samples].sort((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil((Number(percent) / 100) * sorted.length) - 1)];
  return value ?? Number.NaN;
}
