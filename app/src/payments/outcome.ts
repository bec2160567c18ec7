import { randomUUID } from 'node:crypto';
import type { AcquirerAnswer } from '../acquirer/acquirer.ts';
import type { Posting } from '../ledger/ledger-repository.ts';
import type { Refund } from '../refunds/refund.ts';
import type { Operation } from './operation.ts';
import { type Payment, toPublicPayment, type StoredPayment } from './payment.ts';
import type { NewEvent } from './payment-events.ts';
import type { PaymentStatus } from './payment-status.ts';

/** What the end of an operation changes about its payment. */
export interface PaymentChange {
  readonly status: PaymentStatus;
  readonly capturedAmountMinor?: number;
  readonly refundedAmountMinor?: number;
  readonly acquirerId?: string;
  readonly declineCode?: string;
}

/** Everything that follows from the acquirer's decision: what is stored together with the answer. */
export interface Outcome {
  readonly change: PaymentChange;
  readonly events: readonly NewEvent[];
  readonly posting?: Posting;
  readonly refund?: Refund;
  readonly status: number;
  /** The answer; {@link timeMark} stands where the time of its storing will be. */
  readonly body: Payment | { readonly refund: Refund; readonly payment: Payment };
}

/**
 * Stands in an answer for the time at which it is stored, which only the database knows. Nobody outside this process sees it, so nothing
 * that a merchant sends can hold it.
 */
export const timeMark = randomUUID();

/** What the acquirer's decision means for a payment as the operation found it; nothing else has changed the payment since. */
export function outcomeOf(operation: Operation, payment: StoredPayment, answer: AcquirerAnswer): Outcome {
  if (answer.outcome === 'declined') return declined(operation, payment, answer.declineCode);
  switch (operation.kind) {
    case 'create': {
      const { amountMinor } = payment;
      const authorized = { type: 'payment.authorized', amountMinor } as const;
      const { acquirerId } = answer;
      return operation.capture
        ? ending(payment, 201, {
            change: { status: 'captured', capturedAmountMinor: amountMinor, acquirerId },
            events: [authorized, { type: 'payment.captured', amountMinor }],
            posting: { kind: 'capture', amountMinor },
          })
        : ending(payment, 201, { change: { status: 'authorized', acquirerId }, events: [authorized] });
    }
    case 'capture': {
      const { amountMinor } = operation;
      return ending(payment, 200, {
        change: { status: 'captured', capturedAmountMinor: amountMinor },
        events: [{ type: 'payment.captured', amountMinor }],
        posting: { kind: 'capture', amountMinor },
      });
    }
    case 'void':
      return ending(payment, 200, {
        change: { status: 'voided' },
        events: [{ type: 'payment.voided', amountMinor: payment.amountMinor }],
      });
    case 'refund':
      return refunded(operation, payment);
  }
}

function declined(operation: Operation, payment: StoredPayment, declineCode: string): Outcome {
  const amountMinor = 'amountMinor' in operation ? operation.amountMinor : payment.amountMinor;
  const event = (type: NewEvent['type']) => [{ type, amountMinor, detail: declineCode }];
  return operation.kind === 'create'
    ? ending(payment, 201, { change: { status: 'declined', declineCode }, events: event('payment.declined') })
    : ending(payment, 200, { change: { status: payment.status }, events: event(`${operation.kind}.declined`) });
}

function refunded(operation: Operation & { readonly kind: 'refund' }, payment: StoredPayment): Outcome {
  const { refundId, paymentId, amountMinor, reason } = operation;
  const refundedAmountMinor = payment.refundedAmountMinor + amountMinor;
  const status = refundedAmountMinor === payment.capturedAmountMinor ? 'refunded' : 'partially_refunded';
  const refund = { id: refundId, paymentId, amountMinor, currency: payment.currency, reason, createdAt: timeMark };
  const { body, ...outcome } = ending(payment, 201, {
    change: { status, refundedAmountMinor },
    events: [{ type: 'refund.succeeded', amountMinor, ...(reason !== null && { detail: reason }) }],
    posting: { kind: 'refund', amountMinor },
  });
  return { ...outcome, refund, body: { refund, payment: body } };
}

function ending<Effects extends Pick<Outcome, 'change' | 'events' | 'posting'>>(
  payment: StoredPayment,
  status: number,
  effects: Effects,
) {
  return { ...effects, status, body: toPublicPayment({ ...payment, ...effects.change, updatedAt: timeMark }) };
}
