import type { AcquirerResponse } from '../acquirer/acquirer.ts';
import { capturePosting, type Posting, refundPosting } from '../ledger/posting.ts';
import type { Operation } from './operation.ts';
import { toPublicPayment, type StoredPayment } from './payment.ts';
import type { NewEvent } from './payment-events.ts';
import type { PaymentResponse } from './payment-result.ts';
import type { PaymentStatus } from './payment-status.ts';

/** The fields of a payment that the end of an operation changes. */
export interface PaymentChange {
  readonly status: PaymentStatus;
  readonly capturedAmountMinor?: number;
  readonly refundedAmountMinor?: number;
  readonly acquirerId?: string;
  readonly declineCode?: string;
}

/** Everything that follows from the acquirer's decision, stored in one transaction. */
export interface Outcome {
  readonly change: PaymentChange;
  readonly events: readonly NewEvent[];
  readonly posting?: Posting;
  readonly status: number;
  readonly response: PaymentResponse;
}

/** The acquirer's decision; or its end without one, because the customer did not authenticate in time. */
export type Decision = AcquirerResponse | { readonly outcome: 'abandoned' };

/** An operation that the acquirer may decline. */
type DeclinableOperation = Exclude<Operation, { readonly kind: 'expire' }>;

/** The outcome for a payment in the state in which the operation reserved it; no other operation has changed it since. */
export function outcomeOf(operation: Operation, payment: StoredPayment, answer: Decision): Outcome {
  if (answer.outcome === 'abandoned') return abandoned(payment);
  if (operation.kind === 'expire') return expired(payment, answer);
  const outcome = decided(operation, payment, answer);
  const actor = operation.kind === 'create' ? undefined : operation.actor;
  return actor ? { ...outcome, events: outcome.events.map((event) => ({ ...event, actor })) } : outcome;
}

function decided(operation: DeclinableOperation, payment: StoredPayment, answer: AcquirerResponse): Outcome {
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
            posting: capturePosting(amountMinor),
          })
        : ending(payment, 201, { change: { status: 'authorized', acquirerId }, events: [authorized] });
    }
    case 'capture': {
      const { amountMinor } = operation;
      return ending(payment, 200, {
        change: { status: 'captured', capturedAmountMinor: amountMinor },
        events: [{ type: 'payment.captured', amountMinor }],
        posting: capturePosting(amountMinor),
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

/** An acquirer that refuses the release no longer knows the authorization, which is over in any case. */
function expired(payment: StoredPayment, answer: AcquirerResponse): Outcome {
  const detail = answer.outcome === 'declined' ? { detail: answer.declineCode } : {};
  return ending(payment, 200, {
    change: { status: 'expired' },
    events: [{ type: 'payment.expired', amountMinor: payment.amountMinor, ...detail }],
  });
}

/** The authorization was voided at the acquirer before the customer authenticated. */
function abandoned(payment: StoredPayment): Outcome {
  return ending(payment, 201, {
    change: { status: 'expired' },
    events: [{ type: 'payment.expired', amountMinor: payment.amountMinor, detail: 'authentication_abandoned' }],
  });
}

function declined(operation: DeclinableOperation, payment: StoredPayment, declineCode: string): Outcome {
  const amountMinor = 'amountMinor' in operation ? operation.amountMinor : payment.amountMinor;
  const event = (type: NewEvent['type']) => [{ type, amountMinor, detail: declineCode }];
  const { kind } = operation;
  if (kind === 'create')
    return ending(payment, 201, { change: { status: 'declined', declineCode }, events: event('payment.declined') });
  const unchanged = ending(payment, 402, { change: { status: payment.status }, events: event(`${kind}.declined`) });
  return { ...unchanged, response: { ...unchanged.response, decline: { operation: kind, code: declineCode } } };
}

function refunded(operation: Operation & { readonly kind: 'refund' }, payment: StoredPayment): Outcome {
  const { refundId: id, paymentId, amountMinor, reason } = operation;
  const refundedAmountMinor = payment.refundedAmountMinor + amountMinor;
  const status = refundedAmountMinor === payment.capturedAmountMinor ? 'refunded' : 'partially_refunded';
  const outcome = ending(payment, 201, {
    change: { status, refundedAmountMinor },
    events: [{ type: 'refund.succeeded', amountMinor, ...(reason !== null && { detail: reason }) }],
    posting: refundPosting(amountMinor),
  });
  const refund = { id, paymentId, amountMinor, currency: payment.currency, reason };
  return { ...outcome, response: { ...outcome.response, refund } };
}

function ending(
  payment: StoredPayment,
  status: number,
  effects: Pick<Outcome, 'change' | 'events' | 'posting'>,
): Outcome {
  const { updatedAt: _, nextAction: __, ...changed } = toPublicPayment({ ...payment, ...effects.change });
  return { ...effects, status, response: { payment: changed } };
}
