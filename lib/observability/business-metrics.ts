import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import { businessMetric } from '../constructs/business-metric';
import { shareAbove } from '../constructs/service-level-indicator';

const period = Duration.minutes(1);
/** The period of the approval rate alarm, long enough that single cards do not matter. */
const approvalPeriod = Duration.minutes(15);
/** The API checks the ledger once a day. A check that a deployment ends is repeated on the next day. */
const hoursWithoutCheck = 48;
/** The deliveries of one outage are parked one after another; one notification covers those of a period. */
const parkedPeriod = Duration.hours(1);
/** An event that waits longer counts as bad for the freshness objective. */
const freshEventSeconds = 60;
/** With fewer payments, the rate is not meaningful. */
const leastPayments = 20;

/** Metrics that the API writes to its log in the embedded metric format. */
export function businessMetrics(environmentName: string) {
  const metric = (metricName: Parameters<typeof businessMetric>[1], statistic: string, label?: string) =>
    businessMetric(environmentName, metricName, statistic, label);
  const processed = metric('PaymentsProcessed', Stats.SUM, 'payments a minute');
  const approved = metric('PaymentsApproved', Stats.SUM, 'approved');
  const queuedFinished = metric('QueuedPaymentsFinished', Stats.SUM, 'finished');
  const queuedFailed = metric('QueuedPaymentsFailed', Stats.SUM, 'failed');
  return {
    queuedFinished,
    queuedFailed,
    queuedDuration: {
      p50: metric('QueuedPaymentDuration', Stats.percentile(50), 'p50'),
      p99: metric('QueuedPaymentDuration', Stats.percentile(99), 'p99'),
    },
    queuedSuccessPercent: new MathExpression({
      label: 'success rate of asynchronous payments, %',
      period,
      expression:
        'IF(FILL(finished, 0) + FILL(failed, 0) > 0, 100 * FILL(finished, 0) / (FILL(finished, 0) + FILL(failed, 0)))',
      usingMetrics: { finished: queuedFinished, failed: queuedFailed },
    }),
    processed,
    approved,
    declined: metric('PaymentsDeclined', Stats.SUM, 'declined'),
    refunds: metric('RefundsProcessed', Stats.SUM, 'refunds a minute'),
    durationP99: metric('PaymentDuration', Stats.percentile(99), 'time to decide, p99'),
    refused: metric('RequestsRefused', Stats.SUM, 'refused requests a minute'),
    outboxLagSeconds: metric('OutboxLag', Stats.MAXIMUM, 'oldest undelivered event'),
    webhookLagSeconds: metric('WebhookLag', Stats.MAXIMUM, 'longest wait of a due webhook'),
    webhooksParked: metric('WebhooksParked', Stats.SUM, 'parked webhooks'),
    /** Measurements in which the oldest undelivered event was older than a fresh one may be, of all measurements. */
    staleEvents: shareAbove('eventAge', metric('OutboxLag', Stats.AVERAGE), freshEventSeconds),
    ledgerAlterations: metric('LedgerAlterations', Stats.SUM, 'alterations of the ledger'),
    approvalPercentOfPeriod: new MathExpression({
      label: `approval rate of ${approvalPeriod.toMinutes()} minutes, %`,
      period: approvalPeriod,
      expression: `IF(processed >= ${leastPayments}, 100 * FILL(approved, 0) / processed)`,
      // The period of an expression does not apply to metrics with their own period.
      usingMetrics: {
        processed: processed.with({ period: approvalPeriod }),
        approved: approved.with({ period: approvalPeriod }),
      },
    }),
    approvalPercent: new MathExpression({
      label: 'approval rate, %',
      period,
      expression: 'IF(processed > 0, 100 * FILL(approved, 0) / processed)',
      usingMetrics: { processed, approved },
    }),
  };
}

export type BusinessMetrics = ReturnType<typeof businessMetrics>;

/** Alarms on business metrics, for failures that technical metrics do not show. */
export function businessAlarms({
  approvalPercentOfPeriod,
  refused,
  outboxLagSeconds,
  webhookLagSeconds,
  webhooksParked,
  ledgerAlterations,
}: BusinessMetrics): AlarmDefinition[] {
  return [
    {
      id: 'api-refusing',
      severity: 'page',
      meaning: 'The payments API has refused requests for five minutes because it is overloaded.',
      firstLook: 'Look whether the service has reached its maximum number of tasks, and at the CPU of the database.',
      metric: refused,
      threshold: 60,
      evaluationPeriods: 5,
    },
    {
      id: 'payments-approval-rate',
      severity: 'page',
      meaning: `Fewer than half of at least ${leastPayments} payments in ${approvalPeriod.toMinutes()} minutes were approved.`,
      firstLook: 'Look at the declines by reason and by merchant.',
      metric: approvalPercentOfPeriod,
      threshold: 50,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    },
    {
      id: 'outbox-lag',
      severity: 'ticket',
      meaning: 'A payment event has been undelivered for more than five minutes.',
      firstLook: 'Look at the log of the API for `outbox delivery failed`, and at the database.',
      metric: outboxLagSeconds,
      threshold: 300,
      evaluationPeriods: 3,
    },
    {
      id: 'webhooks-late',
      severity: 'ticket',
      meaning: 'A webhook whose endpoint does not fail has been due for more than five minutes.',
      firstLook: 'Look at the log of the API for `webhooks could not be claimed`, and at the database.',
      metric: webhookLagSeconds,
      threshold: 300,
      evaluationPeriods: 3,
    },
    {
      id: 'webhooks-parked',
      severity: 'ticket',
      meaning: 'A webhook was parked: its endpoint has refused it for three days.',
      firstLook: 'Look at the log of the API for `webhook parked`, which names the endpoint and the reason.',
      metric: webhooksParked.with({ period: parkedPeriod }),
      threshold: 1,
    },
    {
      id: 'ledger-altered',
      severity: 'page',
      meaning: 'A ledger entry or an audit entry was changed, removed or inserted after it was sealed.',
      firstLook: 'Look at the log of the API for `the ledger was altered`, which names the entry.',
      metric: ledgerAlterations.with({ period: Duration.days(1) }),
      threshold: 1,
    },
    {
      id: 'ledger-unchecked',
      severity: 'ticket',
      meaning: `The ledger has not been compared with its hash chains for ${hoursWithoutCheck} hours.`,
      firstLook: 'Look at the log of the API for `the ledger could not be checked`.',
      metric: ledgerAlterations.with({ period: Duration.hours(1), statistic: Stats.SAMPLE_COUNT }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: hoursWithoutCheck,
      missingData: TreatMissingData.BREACHING,
    },
  ];
}
