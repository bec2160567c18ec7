import type { PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';
import type { Acquirer, AcquirerAnswer } from '../acquirer/acquirer.ts';
import { type NewPayment, paymentNotFound, type StoredPayment } from './payment.ts';
import { beginOperation, lockPayment } from './payment-repository.ts';
import { mayMove, type PaymentStatus } from './payment-status.ts';
import { Problem } from '../problems.ts';

/** What is being done to a payment, as it is stored before the acquirer is asked; enough to go on after a crash. */
export type Operation =
  | {
      readonly kind: 'create';
      readonly paymentId: string;
      readonly capture: boolean;
      /** Left to the consumer of events. */
      readonly queued?: true;
    }
  | { readonly kind: 'capture'; readonly paymentId: string; readonly amountMinor: number }
  | { readonly kind: 'void'; readonly paymentId: string }
  | {
      readonly kind: 'refund';
      readonly paymentId: string;
      readonly refundId: string;
      readonly amountMinor: number;
      readonly reason: string | null;
    };

/** What a request wants to begin: a new payment, which nobody can know yet, or something about one that is held meanwhile. */
export type Preparation = Creation | Reservation;

/** A new payment. */
export interface Creation {
  readonly newPayment: NewPayment;
  /** Whether it is left to the consumer of events, whom an event of the same transaction asks for it. */
  readonly queued: boolean;
}

/** Checks a request against its payment and reserves that. Runs in the transaction that claims the key. */
export type Reservation = (client: PoolClient, operationId: string) => Promise<Operation>;

/** Taking a reserved amount, or a part of it. */
export function prepareCapture(paymentId: string, amountMinor: number | undefined): Reservation {
  return async (client, operationId) => {
    const payment = await reserve(client, paymentId, operationId, 'captured');
    const amount = amountMinor ?? payment.amountMinor;
    refuseMoreThan(payment.amountMinor, amount, payment, 'authorized');
    return { kind: 'capture', paymentId, amountMinor: amount };
  };
}

/** Giving up a reserved amount. */
export function prepareVoid(paymentId: string): Reservation {
  return async (client, operationId) => {
    await reserve(client, paymentId, operationId, 'voided');
    return { kind: 'void', paymentId };
  };
}

/** Giving back a captured amount, or a part of what is left of it. */
export function prepareRefund(
  paymentId: string,
  amountMinor: number | undefined,
  reason: string | undefined,
): Reservation {
  return async (client, operationId) => {
    const payment = await reserve(client, paymentId, operationId, 'refunded');
    const left = payment.capturedAmountMinor - payment.refundedAmountMinor;
    const amount = amountMinor ?? left;
    refuseMoreThan(left, amount, payment, 'left to refund');
    return { kind: 'refund', paymentId, refundId: uuid(), amountMinor: amount, reason: reason ?? null };
  };
}

async function reserve(
  client: PoolClient,
  paymentId: string,
  operationId: string,
  to: PaymentStatus,
): Promise<StoredPayment> {
  const payment = await lockPayment(client, paymentId);
  if (!payment) throw paymentNotFound(paymentId);
  if (payment.pendingOperation !== null) {
    throw new Problem(
      'invalid-state',
      'Another operation on this payment is in progress. Retry after the delay in Retry-After.',
      {
        retryAfterSeconds: 2,
      },
    );
  }
  if (!mayMove(payment.status, to)) {
    throw new Problem('invalid-state', `A payment with status ${payment.status} cannot become ${to}.`);
  }
  await beginOperation(client, paymentId, operationId);
  return payment;
}

function refuseMoreThan(limit: number, amount: number, { currency }: StoredPayment, what: string): void {
  if (amount <= limit) return;
  throw new Problem(
    'amount-exceeds-balance',
    `The amount ${amount} exceeds the ${limit} minor units of ${currency} that are ${what}.`,
    {
      errors: [{ pointer: '/amountMinor', detail: `must be at most ${limit}` }],
    },
  );
}

/** Asks the acquirer. Outside any transaction; may be repeated, because the reference is the operation's own. */
export function askAcquirer(
  acquirer: Acquirer,
  operationId: string,
  operation: Operation,
  payment: StoredPayment,
): Promise<AcquirerAnswer> {
  const { currency, paymentToken } = payment;
  const acquirerId = payment.acquirerId ?? '';
  const reference = operationId;
  switch (operation.kind) {
    case 'create':
      return acquirer.authorize({
        reference,
        amountMinor: payment.amountMinor,
        currency,
        paymentToken,
        capture: operation.capture,
      });
    case 'capture':
      return acquirer.capture({ reference, amountMinor: operation.amountMinor, currency, acquirerId });
    case 'void':
      return acquirer.void({ reference, amountMinor: payment.amountMinor, currency, acquirerId });
    case 'refund':
      return acquirer.refund({ reference, amountMinor: operation.amountMinor, currency, acquirerId });
  }
}
