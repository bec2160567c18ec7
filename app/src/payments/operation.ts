import type { PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';
import type { Acquirer, AcquirerAnswer } from '../acquirer/acquirer.ts';
import type { Caller } from '../db/transaction.ts';
import { book } from '../ledger/ledger-repository.ts';
import { insertRefund, type Refund } from '../refunds/refund-repository.ts';
import { recordEvents, recordRequest } from './payment-events.ts';
import { type NewPayment, type Payment, published, type StoredPayment } from './payment.ts';
import { beginOperation, endOperation, insertPayment, lockPayment } from './payment-repository.ts';
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

/** The answer to a request. */
export interface Answer {
  readonly status: number;
  readonly body: Payment | { readonly refund: Refund; readonly payment: Payment };
}

/** Checks a request against the payment and stores what is about to be done. Runs in the transaction that claims the key. */
export type Preparation = (client: PoolClient, merchantId: string, operationId: string) => Promise<Operation>;

/** A new payment. */
export function prepareCreate(payment: NewPayment): Preparation {
  return async (client, merchantId, operationId) => ({
    kind: 'create',
    paymentId: await insertPayment(client, merchantId, operationId, payment),
    capture: payment.capture === 'automatic',
  });
}

/** A new payment that is left to the consumer of events, whom an event of the same transaction asks for it. */
export function prepareQueuedCreate(payment: NewPayment): Preparation {
  return async (client, merchantId, operationId) => {
    const paymentId = await insertPayment(client, merchantId, operationId, payment);
    await recordRequest(client, paymentId, operationId);
    return { kind: 'create', paymentId, capture: payment.capture === 'automatic', queued: true };
  };
}

/** Taking a reserved amount, or a part of it. */
export function prepareCapture(paymentId: string, amountMinor: number | undefined): Preparation {
  return async (client, _merchantId, operationId) => {
    const payment = await reserve(client, paymentId, operationId, 'captured');
    const amount = amountMinor ?? payment.amountMinor;
    refuseMoreThan(payment.amountMinor, amount, payment, 'authorized');
    return { kind: 'capture', paymentId, amountMinor: amount };
  };
}

/** Giving up a reserved amount. */
export function prepareVoid(paymentId: string): Preparation {
  return async (client, _merchantId, operationId) => {
    await reserve(client, paymentId, operationId, 'voided');
    return { kind: 'void', paymentId };
  };
}

/** Giving back a captured amount, or a part of what is left of it. */
export function prepareRefund(
  paymentId: string,
  amountMinor: number | undefined,
  reason: string | undefined,
): Preparation {
  return async (client, _merchantId, operationId) => {
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
  if (!payment) throw new Problem('not-found', `There is no payment ${paymentId}.`);
  if (payment.pendingOperation !== null) {
    throw new Problem(
      'invalid-state',
      'Another operation on this payment is in progress; try again when it has ended.',
      {
        retryAfterSeconds: 2,
      },
    );
  }
  if (!mayMove(payment.status, to)) {
    throw new Problem('invalid-state', `A payment that is ${payment.status} cannot become ${to}.`);
  }
  await beginOperation(client, paymentId, operationId);
  return payment;
}

function refuseMoreThan(limit: number, amount: number, { currency }: StoredPayment, what: string): void {
  if (amount <= limit) return;
  throw new Problem(
    'amount-exceeds-balance',
    `${amount} is more than the ${limit} minor units of ${currency} that are ${what}.`,
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

/** Writes what the acquirer decided: payment, timeline, ledger and outbox, in the transaction that stores the answer. */
export async function finish(
  client: PoolClient,
  caller: Caller,
  operation: Operation,
  payment: StoredPayment,
  answer: AcquirerAnswer,
): Promise<Answer> {
  const { merchantId } = caller;
  const { paymentId } = operation;
  const { currency } = payment;
  const event = (type: Parameters<typeof recordEvents>[3][number]['type'], amountMinor: number, detail?: string) => ({
    type,
    amountMinor,
    currency,
    ...(detail !== undefined && { detail }),
  });
  const record = (...events: ReturnType<typeof event>[]) => recordEvents(client, caller, paymentId, events);

  if (answer.outcome === 'declined') {
    const { declineCode } = answer;
    if (operation.kind === 'create') {
      await record(event('payment.declined', payment.amountMinor, declineCode));
      return {
        status: 201,
        body: published(await endOperation(client, paymentId, { status: 'declined', declineCode })),
      };
    }
    const amount = 'amountMinor' in operation ? operation.amountMinor : payment.amountMinor;
    await record(event(`${operation.kind}.declined`, amount, declineCode));
    return {
      status: 200,
      body: published(await endOperation(client, paymentId, { status: payment.status })),
    };
  }

  switch (operation.kind) {
    case 'create': {
      const { amountMinor } = payment;
      await record(
        event('payment.authorized', amountMinor),
        ...(operation.capture ? [event('payment.captured', amountMinor)] : []),
      );
      if (operation.capture) await book(client, merchantId, { kind: 'capture', paymentId, amountMinor, currency });
      const change = operation.capture
        ? ({ status: 'captured', capturedAmountMinor: amountMinor } as const)
        : ({ status: 'authorized' } as const);
      return {
        status: 201,
        body: published(await endOperation(client, paymentId, { ...change, acquirerId: answer.acquirerId })),
      };
    }
    case 'capture': {
      const { amountMinor } = operation;
      await record(event('payment.captured', amountMinor));
      await book(client, merchantId, { kind: 'capture', paymentId, amountMinor, currency });
      return {
        status: 200,
        body: published(
          await endOperation(client, paymentId, { status: 'captured', capturedAmountMinor: amountMinor }),
        ),
      };
    }
    case 'void':
      await record(event('payment.voided', payment.amountMinor));
      return { status: 200, body: published(await endOperation(client, paymentId, { status: 'voided' })) };
    case 'refund': {
      const { amountMinor, refundId, reason } = operation;
      const refundedAmountMinor = payment.refundedAmountMinor + amountMinor;
      const status = refundedAmountMinor === payment.capturedAmountMinor ? 'refunded' : 'partially_refunded';
      await record(event('refund.succeeded', amountMinor, reason ?? undefined));
      await book(client, merchantId, { kind: 'refund', paymentId, amountMinor, currency });
      const refund = await insertRefund(client, merchantId, { id: refundId, paymentId, amountMinor, currency, reason });
      return {
        status: 201,
        body: { refund, payment: published(await endOperation(client, paymentId, { status, refundedAmountMinor })) },
      };
    }
  }
}
