import type { BusinessMetricName, MetricsNamespace } from './metric-names.ts';
import type { BusinessMetrics } from './business-metrics.ts';

const namespace: MetricsNamespace = 'PaymentPlatform';
const units: Readonly<Record<BusinessMetricName, 'Count' | 'Milliseconds' | 'Seconds'>> = {
  PaymentsProcessed: 'Count',
  PaymentsApproved: 'Count',
  PaymentsDeclined: 'Count',
  PaymentDuration: 'Milliseconds',
  QueuedPaymentsFinished: 'Count',
  QueuedPaymentsFailed: 'Count',
  QueuedPaymentDuration: 'Milliseconds',
  RefundsProcessed: 'Count',
  RequestDuration: 'Milliseconds',
  RequestsRefused: 'Count',
  ServerErrors: 'Count',
  OutboxLag: 'Seconds',
  LedgerAlterations: 'Count',
  WebhookLag: 'Seconds',
  WebhooksParked: 'Count',
};
/** The embedded metric format allows at most 100 values per metric. */
const maxValues = 100;

/**
 * Writes business metrics to the log in the CloudWatch embedded metric format.
 *
 * Values are buffered, because a line per request would cost more than the request log itself.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export class EmbeddedMetrics implements BusinessMetrics {
  readonly #environmentName: string;
  readonly #write: (line: string) => void;
  readonly #timer: NodeJS.Timeout;
  #values: Partial<Record<BusinessMetricName, number[]>> = {};

  /**
   * @param write writes a line without a line break
   * @param flushSeconds the interval between two lines
   */
  constructor(environmentName: string, write: (line: string) => void, flushSeconds = 10) {
    this.#environmentName = environmentName;
    this.#write = write;
    this.#timer = setInterval(() => {
      this.flush();
    }, flushSeconds * 1000);
    this.#timer.unref();
  }

  paymentProcessed(outcome: 'approved' | 'declined', durationMilliseconds: number): void {
    this.#countPayment(outcome);
    this.#add('PaymentDuration', durationMilliseconds);
  }

  queuedPaymentFinished(outcome: 'approved' | 'declined', durationMilliseconds: number): void {
    this.#countPayment(outcome);
    this.#add('QueuedPaymentsFinished', 1);
    this.#add('QueuedPaymentDuration', durationMilliseconds);
  }

  queuedPaymentFailed(): void {
    this.#add('QueuedPaymentsFailed', 1);
  }

  refundProcessed(): void {
    this.#add('RefundsProcessed', 1);
  }

  requestEnded(statusCode: number, durationMilliseconds: number): void {
    this.#add('RequestDuration', durationMilliseconds);
    if (statusCode >= 500) this.#add('ServerErrors', 1);
  }

  requestsRefused(count: number): void {
    this.#add('RequestsRefused', count);
  }

  outboxLag(seconds: number): void {
    this.#add('OutboxLag', seconds);
  }

  ledgerChecked(findings: number): void {
    this.#add('LedgerAlterations', findings);
  }

  webhookLag(seconds: number): void {
    this.#add('WebhookLag', seconds);
  }

  webhookParked(): void {
    this.#add('WebhooksParked', 1);
  }

  /** Writes the buffered values, if there are any. */
  flush(): void {
    const names = Object.keys(this.#values) as BusinessMetricName[];
    if (names.length === 0) return;
    const metrics = names.map((Name) => ({ Name, Unit: units[Name] }));
    const line = {
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [['Environment']], Metrics: metrics }],
      },
      Environment: this.#environmentName,
      ...this.#values,
    };
    this.#values = {};
    this.#write(JSON.stringify(line));
  }

  /** Writes the buffered values and stops the interval. */
  close(): void {
    clearInterval(this.#timer);
    this.flush();
  }

  #countPayment(outcome: 'approved' | 'declined'): void {
    this.#add('PaymentsProcessed', 1);
    this.#add(outcome === 'approved' ? 'PaymentsApproved' : 'PaymentsDeclined', 1);
  }

  #add(name: BusinessMetricName, value: number): void {
    const values = (this.#values[name] ??= []);
    values.push(Math.round(value * 1000) / 1000);
    if (values.length >= maxValues) this.flush();
  }
}
