import { Duration } from 'aws-cdk-lib';
import {
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmAction,
  type IAlarmRule,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type AlarmSeverity, createAlarm } from '../../constructs/alarm-definition';
import { PlatformStack } from '../../core/platform-stack';
import type { ResourceNames } from '../../core/resource-names';
import { badPercent, budgetPercent, rounded, type ServiceLevelObjective } from './service-level-objective';

/** A rate at which the error budget is spent, in the long and in the short window. At rate 1 it lasts for exactly 30 days. */
interface BurnRate {
  readonly rate: number;
  readonly long: Duration;
  /** Ends the alarm soon after the failure has ended. */
  readonly short: Duration;
}

/** The windows and rates of table 5-8 of the workbook, with the share of the budget that each spends in its long window. */
const burnRates: Readonly<Record<'fast' | 'slow', { severity: AlarmSeverity; rates: readonly BurnRate[] }>> = {
  fast: {
    severity: 'page',
    rates: [
      { rate: 14.4, long: Duration.hours(1), short: Duration.minutes(5) }, // 2 %
      { rate: 6, long: Duration.hours(6), short: Duration.minutes(30) }, // 5 %
    ],
  },
  slow: {
    severity: 'ticket',
    rates: [{ rate: 1, long: Duration.days(3), short: Duration.hours(6) }], // 10 %
  },
};

/** Bad events of the long window that fire nothing. One failure among ten requests is 200 times the budget, but should wake up nobody. */
const ignoredBadEvents = 9;

export interface BurnRateAlarmsProps {
  readonly names: ResourceNames;
  readonly objective: ServiceLevelObjective;
  readonly action: IAlarmAction;
}

/**
 * Alarms on how fast a service level objective spends its error budget: a composite alarm that pages, and one that asks for a ticket. Each
 * fires while a long and a short window both exceed a burn rate.
 *
 * A window is one period of a sliding alarm. CloudWatch allows periods of up to seven days.
 *
 * @see https://sre.google/workbook/alerting-on-slos/ section 6, "Multiwindow, Multi-Burn-Rate Alerts"
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export class BurnRateAlarms extends Construct {
  /** The composite alarms. */
  readonly alarms: readonly CompositeAlarm[];

  constructor(scope: Construct, id: string, props: BurnRateAlarmsProps) {
    super(scope, id);
    const { names, objective, action } = props;
    const composite = (constructId: string, speed: keyof typeof burnRates) => {
      const alarm = this.#composite(constructId, speed, names, objective);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    };
    this.alarms = [composite('Fast', 'fast'), composite('Slow', 'slow')];
  }

  #composite(
    constructId: string,
    speed: keyof typeof burnRates,
    names: ResourceNames,
    objective: ServiceLevelObjective,
  ): CompositeAlarm {
    const { severity, rates } = burnRates[speed];
    const { id, badEvents, firstLook } = objective;
    return new CompositeAlarm(this, constructId, {
      compositeAlarmName: names.of('alarm', `${id}-${speed}-burn`),
      alarmDescription: PlatformStack.of(this).runbook.describe(
        id,
        `${badEvents} spend the error budget of 30 days, at ${rates.map(({ rate, long }) => `${rate} times the allowed rate over ${text(long)}`).join(' or ')}.`,
        firstLook,
        `Severity: ${severity}.`,
      ),
      alarmRule: AlarmRule.anyOf(...rates.map((rate) => this.#bothWindows(rate, severity, names, objective))),
    });
  }

  #bothWindows(
    { rate, long, short }: BurnRate,
    severity: AlarmSeverity,
    names: ResourceNames,
    objective: ServiceLevelObjective,
  ): IAlarmRule {
    const windows = [
      { window: long, ignoredBad: ignoredBadEvents },
      { window: short, ignoredBad: 0 },
    ];
    const alarms = windows.map(({ window, ignoredBad }) =>
      createAlarm(
        this,
        {
          id: `${objective.id}-${rate}x-${text(window)}`.replace('.', '-'),
          runbookEntry: objective.id,
          severity,
          meaning: `${objective.badEvents} spend the error budget at ${rate} times the allowed rate over ${text(window)}.`,
          firstLook: objective.firstLook,
          metric: badPercent(objective, window, ignoredBad),
          threshold: rounded(rate * budgetPercent(objective)),
          comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
        },
        names,
        undefined,
      ),
    );
    return AlarmRule.allOf(...alarms.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM)));
  }
}

/** `5m`, `6h`, `3d`. */
function text(duration: Duration): string {
  const minutes = duration.toMinutes();
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
