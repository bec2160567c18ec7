/** The types of events that consumers receive. */
export const eventTypes = [
  'payment.authorized',
  'payment.captured',
  'payment.declined',
  'payment.requires_action',
  'payment.voided',
  'payment.expired',
  'refund.succeeded',
  'refund.declined',
  'capture.declined',
  'void.declined',
] as const;

/** The event that makes the consumer process a queued payment. Its ID is the ID of the operation. */
export const requestType = 'payment.requested';

/** Who asked for a change of a payment, as the timeline shows it. */
export interface EventActor {
  readonly kind: 'key' | 'person';
  /** Of the key; the subject of the person. */
  readonly id: string;
  /** At that time. */
  readonly name: string;
}

/** An event of a payment: a row of its timeline and, in the same transaction, an event in the outbox. */
export interface NewEvent {
  readonly type: (typeof eventTypes)[number];
  readonly amountMinor: number;
  readonly detail?: string;
  readonly actor?: EventActor;
}
