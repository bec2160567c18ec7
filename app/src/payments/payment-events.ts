/** What can happen to a payment, as consumers know it. */
export const eventTypes = [
  'payment.authorized',
  'payment.captured',
  'payment.declined',
  'payment.voided',
  'refund.succeeded',
  'refund.declined',
  'capture.declined',
  'void.declined',
] as const;

/** Asks for a payment to be taken; its id is that of the operation. */
export const requestType = 'payment.requested';

/** Something that happened to a payment: a line of its timeline and, in the same transaction, an event of the outbox. */
export interface NewEvent {
  readonly type: (typeof eventTypes)[number];
  readonly amountMinor: number;
  readonly detail?: string;
}
