import type { SynthesizedStack, TestPlatform } from '../test-platform';
import type { AlarmRule } from './alarm-state';
import { readCompositeRule } from './composite-rule';

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

/** An alarm on the states of others. */
export interface TemplateCompositeAlarm {
  readonly id: string;
  readonly children: readonly TemplateAlarm[];
  /** Whether it is in ALARM while exactly these of its children are. */
  readonly fires: (firing: ReadonlySet<TemplateAlarm>) => boolean;
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

/** Every composite alarm. @throws when its rule has other terms than ALARM, AND and OR */
export function compositeAlarms({ all }: TestPlatform, alarms: readonly TemplateAlarm[]): TemplateCompositeAlarm[] {
  return all.flatMap(({ resources }: SynthesizedStack) =>
    resources.properties('AWS::CloudWatch::CompositeAlarm').map(({ AlarmName, AlarmRule: rule }) => {
      const { children, holds } = readCompositeRule(joined(rule), (reference) =>
        alarms.find(({ logicalId }) => reference.includes(logicalId)),
      );
      return { id: idOf(String(AlarmName)), children, fires: holds };
    }),
  );
}

/** The text of `Fn::Join`, with its references as JSON. */
function joined(value: unknown): string {
  const { 'Fn::Join': [, parts] = ['', [value]] } = (value ?? {}) as { 'Fn::Join'?: [string, unknown[]] };
  return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', ''))).join('');
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
