import type { SynthesizedStack, TestPlatform } from '../test-platform';
import type { AlarmRule } from './alarm-state';

/** A metric as an alarm names it. */
export interface NamedMetric {
  readonly namespace: string;
  readonly metricName: string;
  /** Values by name; references are kept as JSON, which names what is referred to. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A statistic of a metric. */
export interface MetricQuery {
  readonly metric: NamedMetric;
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or `p99`. */
  readonly statistic: string;
  readonly unit: string | undefined;
}

/** An alarm on one metric or on an expression. */
export interface TemplateAlarm extends AlarmRule {
  /** As its definition has it: `api-error-rate`. */
  readonly id: string;
  readonly name: string;
  readonly logicalId: string;
  readonly periodMinutes: number;
  /** The id of the query or of the expression that is compared with the threshold. */
  readonly watched: string;
  readonly expressions: Readonly<Record<string, string>>;
  readonly queries: Readonly<Record<string, MetricQuery>>;
}

/** An alarm that is in ALARM when one of others is. */
export interface TemplateCompositeAlarm {
  readonly id: string;
  readonly anyOf: readonly TemplateAlarm[];
}

interface CfnMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}
interface CfnMetricDataQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Metric: CfnMetric;
    readonly Period: number;
    readonly Stat: string;
    readonly Unit?: string;
  };
}
interface CfnAlarm extends Partial<CfnMetric> {
  readonly AlarmName: string;
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: AlarmRule['missingData'];
  readonly Period?: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Unit?: string;
  readonly Metrics?: readonly CfnMetricDataQuery[];
}

const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Every alarm on metrics in the templates of a platform. */
export function templateAlarms({ all }: TestPlatform): TemplateAlarm[] {
  return all.flatMap(({ resources }) =>
    resources
      .entries('AWS::CloudWatch::Alarm')
      .map(([logicalId, { Properties }]) => alarmOf(logicalId, Properties as unknown as CfnAlarm)),
  );
}

/** Every composite alarm. @throws when its rule is not that one of its alarms is in ALARM */
export function compositeAlarms({ all }: TestPlatform, alarms: readonly TemplateAlarm[]): TemplateCompositeAlarm[] {
  return all.flatMap(({ resources }: SynthesizedStack) =>
    resources.properties('AWS::CloudWatch::CompositeAlarm').map(({ AlarmName, AlarmRule: rule }) => {
      const text = JSON.stringify(rule);
      if (/\b(NOT|AND|OK|INSUFFICIENT_DATA)\b/.test(text)) throw new Error(`${text} is no plain OR of alarms.`);
      return { id: idOf(String(AlarmName)), anyOf: alarms.filter(({ logicalId }) => text.includes(logicalId)) };
    }),
  );
}

/** Without the environment, and without the zone where each zone has such an alarm. */
function idOf(name: string): string {
  return name.replace(/^alarm-|-alarm-test1$|-test1$/g, '').replace(/-\d$/, '');
}

function alarmOf(logicalId: string, alarm: CfnAlarm): TemplateAlarm {
  const { AlarmName, Threshold, EvaluationPeriods, Metrics } = alarm;
  const compare = comparisons[alarm.ComparisonOperator];
  if (!compare) throw new Error(`${AlarmName}: the comparison ${alarm.ComparisonOperator} is not implemented here.`);
  const queries = Metrics ?? [singleMetric(alarm)];
  const watched = queries.filter(({ ReturnData }) => ReturnData !== false);
  const periods = new Set(queries.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Period] : [])));
  const [seconds] = periods;
  const [{ Id } = { Id: '' }] = watched;
  if (watched.length !== 1 || periods.size !== 1 || seconds === undefined) {
    throw new Error(`${AlarmName} needs one returned series and one period.`);
  }
  return {
    id: idOf(AlarmName),
    name: AlarmName,
    logicalId,
    periodMinutes: seconds / 60,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? EvaluationPeriods,
    missingData: alarm.TreatMissingData ?? 'missing',
    breaches: (value) => compare(value, Threshold),
    watched: Id,
    expressions: Object.fromEntries(
      queries.flatMap(({ Id: id, Expression }) => (Expression === undefined ? [] : [[id, Expression]])),
    ),
    queries: Object.fromEntries(
      queries.flatMap(({ Id: id, MetricStat }) =>
        MetricStat
          ? [[id, { metric: namedMetric(MetricStat.Metric), statistic: MetricStat.Stat, unit: MetricStat.Unit }]]
          : [],
      ),
    ),
  };
}

function singleMetric(alarm: CfnAlarm): CfnMetricDataQuery {
  const { Namespace = '', MetricName = '', Dimensions, Period = 60, Statistic, ExtendedStatistic = '', Unit } = alarm;
  const metric = { Namespace, MetricName, ...(Dimensions && { Dimensions }) };
  return {
    Id: 'metric',
    MetricStat: { Metric: metric, Period, Stat: Statistic ?? ExtendedStatistic, ...(Unit && { Unit }) },
  };
}

function namedMetric({ Namespace, MetricName, Dimensions = [] }: CfnMetric): NamedMetric {
  const dimensions = Dimensions.map(({ Name, Value }) => [
    Name,
    typeof Value === 'string' ? Value : JSON.stringify(Value),
  ]);
  return {
    namespace: Namespace,
    metricName: MetricName,
    dimensions: Object.fromEntries(dimensions) as Record<string, string>,
  };
}
