import { Problem } from '../problems.ts';
import type { PaymentStatus } from './payment-status.ts';

/** A payment as its merchant sees it. Amounts are minor units of `currency`; times are in ISO 8601. */
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
  /** What the customer must do before the acquirer decides. `null` unless the status is `requires_action`. */
  readonly nextAction: NextAction | null;
  /** Pairs of the merchant, by which payments are found. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A page at which the customer authenticates. */
export interface NextAction {
  readonly type: 'redirect';
  readonly url: string;
}

/** A payment with the fields that its merchant does not see. */
export interface StoredPayment extends Payment {
  readonly acquirerId: string | null;
  readonly pendingOperation: string | null;
}

/** The fields of a payment that its merchant sees. */
export function toPublicPayment({ acquirerId: _, pendingOperation: __, ...payment }: StoredPayment): Payment {
  return payment;
}

/** The body of a request for a new payment. */
export interface NewPayment {
  readonly amountMinor: number;
  readonly currency: string;
  readonly paymentToken: string;
  readonly reference?: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly capture?: 'automatic' | 'manual';
  readonly returnUrl?: string;
}

/** A payment that is not stored yet: the database sets its times. */
export type UnstoredPayment = Omit<StoredPayment, 'createdAt' | 'updatedAt'>;

/** A payment before the acquirer has decided on it. */
export function processingPayment(
  id: string,
  { amountMinor, currency, paymentToken, reference, description, metadata = {} }: NewPayment,
  pendingOperation: string,
): UnstoredPayment {
  return {
    id,
    status: 'processing',
    amountMinor,
    capturedAmountMinor: 0,
    refundedAmountMinor: 0,
    currency,
    paymentToken,
    reference: reference ?? null,
    description: description ?? null,
    declineCode: null,
    nextAction: null,
    metadata,
    acquirerId: null,
    pendingOperation,
  };
}

/** 404: the payment does not exist, or belongs to another merchant. */
export function paymentNotFound(id: string): Problem {
  return new Problem('not-found', `Payment ${id} does not exist.`);
}
