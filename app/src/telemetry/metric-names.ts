/** The names of the business metrics that the API writes; dashboards and alarms use no other. */
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
  | 'OutboxLag';

/** The namespace of those metrics. */
export type MetricsNamespace = 'PaymentPlatform';
