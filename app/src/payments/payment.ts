import { Problem } from '../problems.ts';
import type { PaymentStatus } from './payment-status.ts';

/** A payment as its merchant sees it. Amounts are minor units of `currency`. */
export interface Payment {
  readonly id: string;
  readonly status: PaymentStatus;
  readonly amountMinor: number;
  readonly capturedAmountMinor: number;
  readonly refundedAmountMinor: number;
  readonly currency: string;
  readonly paymentToken: string;
  readonly reference: string | null;
  readonly description: string | null;
  readonly declineCode: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A payment with what only the platform needs to know of it. */
export interface StoredPayment extends Payment {
  readonly acquirerId: string | null;
  readonly pendingOperation: string | null;
}

/** What the merchant may see of a stored payment. */
export function toPublicPayment({ acquirerId: _, pendingOperation: __, ...payment }: StoredPayment): Payment {
  return payment;
}

/** What a merchant asks for with a new payment. */
export interface NewPayment {
  readonly amountMinor: number;
  readonly currency: string;
  readonly paymentToken: string;
  readonly reference?: string;
  readonly description?: string;
  readonly capture?: 'automatic' | 'manual';
}

/** What a caller is told who asks for a payment that is not his, or not there. */
export function paymentNotFound(id: string): Problem {
  return new Problem('not-found', `Payment ${id} does not exist.`);
}
