/** Which states a payment may move to from each. The database has the same table and refuses every other move. */
export const nextStatuses = {
  processing: ['authorized', 'captured', 'declined'],
  authorized: ['captured', 'voided'],
  declined: [],
  captured: ['partially_refunded', 'refunded'],
  voided: [],
  partially_refunded: ['partially_refunded', 'refunded'],
  refunded: [],
} as const satisfies Record<string, readonly string[]>;

export type PaymentStatus = keyof typeof nextStatuses;

/** All states, for schemas. */
export const paymentStatuses = Object.keys(nextStatuses) as PaymentStatus[];

/** Whether a payment in state `from` may move to state `to`. */
export function mayMove(from: PaymentStatus, to: PaymentStatus): boolean {
  return (nextStatuses[from] as readonly PaymentStatus[]).includes(to);
}
