/** The types of events that consumers receive. */
export const eventTypes = [
  'payment.authorized',
  'payment.captured',
  'payment.declined',
  'payment.voided',
  'payment.expired',
  'refund.succeeded',
  'refund.declined',
  'capture.declined',
  'void.declined',
] as const;

/** The event that makes the consumer process a queued payment. Its ID is the ID of the operation. */
export const requestType = 'payment.requested';

/** An event of a payment: a row of its timeline and, in the same transaction, an event in the outbox. */
export interface NewEvent {
  readonly type: (typeof eventTypes)[number];
  readonly amountMinor: number;
  readonly detail?: string;
}
