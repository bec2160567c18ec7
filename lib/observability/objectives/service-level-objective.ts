import { MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Duration } from 'aws-cdk-lib';
import type { ServiceLevelIndicator } from '../../constructs/service-level-indicator';

/** A promise about a share of events: `targetPercent` of them are good, over any 30 days. */
export interface ServiceLevelObjective {
  /** In kebab case: `slo-availability`. The name of its alarms begins with it, and the runbook has this heading. */
  readonly id: string;
  /** A bad event as the subject of a sentence: `Requests that fail`. */
  readonly badEvents: string;
  /** What to look at first, in one sentence that begins with "Look". */
  readonly firstLook: string;
  readonly targetPercent: number;
  readonly indicator: ServiceLevelIndicator;
}

/** The percentage of events that may be bad. Rounded, because binary fractions would print digits that no target has. */
export function budgetPercent({ targetPercent }: ServiceLevelObjective): number {
  return rounded(100 - targetPercent);
}

/**
 * The percentage of bad events in windows of this length, as a series without gaps.
 *
 * @param ignoredBad up to this many bad events count as none, because a percentage of few events says little
 */
export function badPercent({ indicator }: ServiceLevelObjective, window: Duration, ignoredBad: number): MathExpression {
  const { badEvents, events, metrics } = indicator;
  return new MathExpression({
    label: 'bad events, %',
    period: window,
    expression: `IF(${badEvents} > ${ignoredBad}, 100 * (${badEvents}) / (${events}), 0)`,
    usingMetrics: over(window, metrics),
  });
}

/** The percentage of the error budget of a window that is left. Negative once the objective is missed. */
export function budgetLeftPercent(objective: ServiceLevelObjective, window: Duration): MathExpression {
  const { badEvents, events, metrics } = objective.indicator;
  const spent = `${rounded(10_000 / budgetPercent(objective))} * (${badEvents}) / (${events})`;
  return new MathExpression({
    label: `${objective.id}, %`,
    period: window,
    expression: `IF(${events} > 0, 100 - ${spent}, 100)`,
    usingMetrics: over(window, metrics),
  });
}

/** The period of an expression does not apply to metrics with their own period. */
function over(period: Duration, metrics: Readonly<Record<string, Metric>>): Record<string, Metric> {
  return Object.fromEntries(Object.entries(metrics).map(([id, metric]) => [id, metric.with({ period })]));
}

/** To nine decimals. */
export function rounded(value: number): number {
  return Number(value.toFixed(9));
}
