/** A refund as its merchant sees it. The amount is in minor units of `currency`. */
export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string | null;
  readonly createdAt: string;
}
