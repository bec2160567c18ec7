/** The statuses that may follow each status. The database has the same table and refuses every other transition. */
export const nextStatuses = {
  processing: ['requires_action', 'authorized', 'captured', 'declined'],
  requires_action: ['authorized', 'captured', 'declined', 'expired'],
  authorized: ['captured', 'voided', 'expired'],
  declined: [],
  captured: ['partially_refunded', 'refunded'],
  voided: [],
  expired: [],
  partially_refunded: ['partially_refunded', 'refunded'],
  refunded: [],
} as const satisfies Record<string, readonly string[]>;

export type PaymentStatus = keyof typeof nextStatuses;

/** All statuses. */
export const paymentStatuses = Object.keys(nextStatuses) as PaymentStatus[];

/** Whether a payment may change from status `from` to status `to`. */
export function mayMove(from: PaymentStatus, to: PaymentStatus): boolean {
  return (nextStatuses[from] as readonly PaymentStatus[]).includes(to);
}
