import type { Samples, Timeline } from './evaluate-alarm';
import type { MetricQuery } from './template-alarms';

/** Running totals of a metric, so that the statistics of a long period cost no more than those of a short one. */
interface Totals {
  readonly sums: number[];
  readonly counts: number[];
}

/** Statistics of periods, as they can be read at a given time. */
export class DataPoints {
  readonly #timeline: Timeline;
  readonly #firstMinute: number;
  readonly #samples = new Map<MetricQuery, (minute: number) => Samples>();
  readonly #totals = new Map<MetricQuery, Totals>();
  readonly #others = new Map<MetricQuery, Map<string, number | undefined>>();

  /** @param firstMinute the earliest minute that is read */
  constructor(timeline: Timeline, firstMinute: number) {
    this.#timeline = timeline;
    this.#firstMinute = firstMinute;
  }

  /** The statistic of the minutes from `begin` to `end`, exclusive, read at the beginning of the minute `readAt`. */
  dataPoint(query: MetricQuery, begin: number, end: number, readAt: number): number | undefined {
    const readable = Math.max(begin, Math.min(end, readAt - this.#timeline.lateMinutes));
    const samplesAt = this.#samplesOf(query);
    switch (query.statistic) {
      case 'Sum':
        return this.#total(query, samplesAt, begin, readable, (sample) => sample)?.sum;
      case 'SampleCount':
        return this.#total(query, samplesAt, begin, readable, () => 1)?.sum;
      case 'Average':
        return average(this.#total(query, samplesAt, begin, readable, (sample) => sample));
    }
    const limit = rankLimit(query.statistic);
    if (limit !== undefined) {
      const within = average(this.#total(query, samplesAt, begin, readable, (sample) => Number(sample <= limit)));
      return within === undefined ? undefined : 100 * within;
    }
    return this.#other(query, samplesAt, begin, readable);
  }

  #samplesOf(query: MetricQuery): (minute: number) => Samples {
    const known = this.#samples.get(query) ?? this.#timeline.samplesOf(query.metric);
    this.#samples.set(query, known);
    return known;
  }

  #total(
    query: MetricQuery,
    samplesAt: (minute: number) => Samples,
    begin: number,
    end: number,
    weigh: (sample: number) => number,
  ): { sum: number; count: number } | undefined {
    const totals = this.#totals.get(query) ?? { sums: [0], counts: [0] };
    this.#totals.set(query, totals);
    const { sums, counts } = totals;
    while (sums.length <= end - this.#firstMinute) {
      const samples = samplesAt(this.#firstMinute + sums.length - 1) ?? [];
      sums.push(samples.reduce((sum, sample) => sum + weigh(sample), sums.at(-1) ?? 0));
      counts.push((counts.at(-1) ?? 0) + samples.length);
    }
    const between = (series: readonly number[]) =>
      (series[end - this.#firstMinute] ?? 0) - (series[begin - this.#firstMinute] ?? 0);
    return between(counts) === 0 ? undefined : { sum: between(sums), count: between(counts) };
  }

  /** A statistic that cannot be computed from totals. */
  #other(query: MetricQuery, samplesAt: (minute: number) => Samples, begin: number, end: number): number | undefined {
    const known = this.#others.get(query) ?? new Map<string, number | undefined>();
    this.#others.set(query, known);
    const key = `${begin} ${end}`;
    if (!known.has(key)) {
      const samples = Array.from({ length: end - begin }, (_, index) => samplesAt(begin + index) ?? []).flat();
      known.set(key, samples.length === 0 ? undefined : statisticOf(samples, query.statistic));
    }
    return known.get(key);
  }
}

function average(total: { sum: number; count: number } | undefined): number | undefined {
  return total && total.sum / total.count;
}

/** 60 of `PR(:60)`, the percentage of samples up to 60. */
function rankLimit(statistic: string): number | undefined {
  const [, limit] = /^PR\(:(\d+(?:\.\d+)?)\)$/.exec(statistic) ?? [];
  return limit === undefined ? undefined : Number(limit);
}

function statisticOf(samples: readonly number[], statistic: string): number {
  if (statistic === 'Maximum') return Math.max(...samples);
  if (statistic === 'Minimum') return Math.min(...samples);
  const [, percent] = /^p(\d+(?:\.\d+)?)$/.exec(statistic) ?? [];
  if (percent === undefined) throw new Error(`The statistic ${statistic} is not implemented here.`);
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((Number(percent) / 100) * sorted.length) - 1)] ?? Number.NaN;
}
