/** An amount that was given back. */
export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string | null;
  readonly createdAt: string;
}
