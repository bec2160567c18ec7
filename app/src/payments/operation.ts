import type { PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';
import { type NewPayment, paymentNotFound, type StoredPayment } from './payment.ts';
import { beginOperation, lockPayment } from './payment-repository.ts';
import type { EventActor } from './payment-events.ts';
import { mayMove, type PaymentStatus } from './payment-status.ts';
import { Problem } from '../problems.ts';

/** An operation on a payment, stored before the acquirer is asked so that another process can continue it after a crash. */
export type Operation =
  | {
      readonly kind: 'create';
      readonly paymentId: string;
      readonly capture: boolean;
      readonly returnUrl?: string;
      /** The consumer of events asks the acquirer, not the request. */
      readonly queued?: true;
      /** The acquirer waits for the customer. `require_action` sets it. */
      readonly actionRequired?: true;
    }
  | ({ readonly kind: 'capture'; readonly amountMinor: number } & Change)
  | ({ readonly kind: 'void' } & Change)
  /** Ends an authorization that is older than the acquirer keeps it. */
  | { readonly kind: 'expire'; readonly paymentId: string }
  | ({
      readonly kind: 'refund';
      readonly refundId: string;
      readonly amountMinor: number;
      readonly reason: string | null;
    } & Change);

/** A change of an existing payment, and who asked for it. */
interface Change {
  readonly paymentId: string;
  /** Stored with the operation, because another process may finish it. Operations of earlier releases have none. */
  readonly actor?: EventActor;
}

/** An operation that is stored and not finished: recovery point `prepared`. */
export interface PreparedOperation {
  readonly operationId: string;
  /** The correlation ID of the request that began the operation. */
  readonly correlationId: string;
  readonly operation: Operation;
  /** The payment in the state in which the operation reserved it. */
  readonly payment: StoredPayment;
}

/** Whether the consumer of events performs the operation. */
export function isQueued(operation: Operation): boolean {
  return 'queued' in operation;
}

/** The start of an operation: a new payment, or the reservation of an existing one. */
export type Preparation = Creation | Reservation;

/** A new payment. */
export interface Creation {
  readonly newPayment: NewPayment;
  /** Whether the payment is left to the consumer of events. An event of the same transaction tells the consumer. */
  readonly queued: boolean;
}

/** Checks a request against its payment and reserves the payment. Runs in the transaction that claims the key. */
export type Reservation = (client: PoolClient, operationId: string) => Promise<Operation>;

/** A full or partial capture. @param amountMinor @default - the authorized amount */
export function prepareCapture(paymentId: string, amountMinor: number | undefined, actor: EventActor): Reservation {
  return async (client, operationId) => {
    const payment = await reserve(client, paymentId, operationId, 'captured');
    const amount = amountMinor ?? payment.amountMinor;
    refuseMoreThan(payment.amountMinor, amount, payment, 'authorized');
    return { kind: 'capture', paymentId, amountMinor: amount, actor };
  };
}

/** A void: releases the authorized amount. */
export function prepareVoid(paymentId: string, actor: EventActor): Reservation {
  return async (client, operationId) => {
    await reserve(client, paymentId, operationId, 'voided');
    return { kind: 'void', paymentId, actor };
  };
}

/** The end of an authorization whose lifetime is over. */
export function prepareExpiry(paymentId: string): Reservation {
  return async (client, operationId) => {
    await reserve(client, paymentId, operationId, 'expired');
    return { kind: 'expire', paymentId };
  };
}

/** A full or partial refund. @param amountMinor @default - the captured amount that is not refunded yet */
export function prepareRefund(
  paymentId: string,
  amountMinor: number | undefined,
  reason: string | undefined,
  actor: EventActor,
): Reservation {
  return async (client, operationId) => {
    const payment = await reserve(client, paymentId, operationId, 'refunded');
    const left = payment.capturedAmountMinor - payment.refundedAmountMinor;
    const amount = amountMinor ?? left;
    refuseMoreThan(left, amount, payment, 'left to refund');
    return { kind: 'refund', paymentId, refundId: uuid(), amountMinor: amount, reason: reason ?? null, actor };
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
  if (payment.status === 'requires_action') {
    throw new Problem(
      'invalid-state',
      'The customer must authenticate before this payment can change. Send the browser to the URL of nextAction.',
    );
  }
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
