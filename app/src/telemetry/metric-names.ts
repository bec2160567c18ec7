/** The business metrics of the API. Dashboards and alarms use the same type. */
export type BusinessMetricName =
  | 'PaymentsProcessed'
  | 'PaymentsApproved'
  | 'PaymentsDeclined'
  | 'PaymentDuration'
  | 'QueuedPaymentsFinished'
  | 'QueuedPaymentsFailed'
  | 'QueuedPaymentDuration'
  | 'RefundsProcessed'
  | 'RequestDuration'
  | 'RequestsRefused'
  | 'ServerErrors'
  | 'OutboxLag'
  | 'LedgerAlterations'
  | 'WebhookLag'
  | 'WebhooksParked';

export type MetricsNamespace = 'PaymentPlatform';
