import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { JournalLine } from '../acquirer/journal.ts';
import type { Intention } from '../load/intention.ts';
import type { Receipt } from '../receiver/receipts.ts';
import { bodyOf, type StoredResponse } from './recorded.ts';

/** A payment that is consistent in all four records: automatically captured and partially refunded. */
export interface PlantedCase {
  readonly merchantId: string;
  readonly paymentId: string;
  readonly paymentToken: string;
  readonly postingIds: readonly string[];
  readonly eventIds: readonly string[];
  readonly intentions: Intention[];
  readonly journal: JournalLine[];
  readonly receipts: Receipt[];
}

const amountMinor = 1000;
const refundMinor = 300;
const currency = 'EUR';
const finishedAt = '2026-03-31T12:00:00.000000Z';

/** Inserts such a payment for a new merchant, like the platform, with keys that other merchants may use too. */
export async function plantCase(client: pg.Pool, name: string): Promise<PlantedCase> {
  const merchantId = randomUUID();
  const paymentId = randomUUID();
  const paymentToken = `tok_approve_${name}`;
  await client.query('INSERT INTO payments.merchants (id, name) VALUES ($1, $2)', [merchantId, name]);
  await client.query(
    `INSERT INTO payments.payments (id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token)
     VALUES ($1, $2, 'partially_refunded', $3, $3, $4, $5, $6)`,
    [paymentId, merchantId, amountMinor, refundMinor, currency, paymentToken],
  );
  const given = { metadata: {}, createdAt: finishedAt };
  const payment = { id: paymentId, amountMinor, capturedAmountMinor: amountMinor, currency, ...given };
  const created = { ...payment, status: 'captured', refundedAmountMinor: 0 };
  const refunded = {
    refund: { id: randomUUID(), paymentId, amountMinor: refundMinor, currency },
    payment: { ...payment, status: 'partially_refunded', refundedAmountMinor: refundMinor },
  };
  const responses: StoredResponse[] = [{ payment: created }, refunded];
  const intentions = responses.map((response, index): Intention => {
    const body = bodyOf(response, finishedAt);
    const kind = index === 0 ? 'create' : 'refund';
    const amount = index === 0 ? amountMinor : refundMinor;
    const common = {
      merchantId,
      paymentToken,
      currency,
      unexpected: [],
      attempts: 1,
      accepted: 0,
      state: 'acknowledged' as const,
    };
    return { ...common, key: `order-${index + 1}`, kind, amountMinor: amount, responses: [{ status: 201, body }] };
  });
  for (const [index, { key }] of intentions.entries()) {
    await client.query(
      `INSERT INTO payments.idempotency_keys
         (merchant_id, key, operation_id, request_hash, recovery_point, operation, response_status, response, finished_at)
       VALUES ($1, $2, gen_random_uuid(), sha256('x'), 'finished', '{}', 201, $3, $4)`,
      [merchantId, key, responses[index], finishedAt],
    );
  }
  const scope = { merchantId, paymentId };
  const eventIds = [
    ...(await plantChange(client, scope, ['payment.authorized', 'payment.captured'], amountMinor)),
    ...(await plantChange(client, scope, ['refund.succeeded'], refundMinor)),
  ];
  return {
    ...scope,
    paymentToken,
    intentions,
    postingIds: [
      await plantPosting(client, scope, 'capture', amountMinor),
      await plantPosting(client, scope, 'refund', -refundMinor),
    ],
    eventIds,
    receipts: ['payment.authorized', 'payment.captured', 'refund.succeeded'].map((type, index) => ({
      ...scope,
      eventId: eventIds[index] ?? '',
      type,
      amountMinor: type === 'refund.succeeded' ? refundMinor : amountMinor,
      isSigned: true,
    })),
    journal: [
      { kind: 'authorizations', amountMinor, capture: true },
      { kind: 'refunds', amountMinor: refundMinor, capture: false },
    ].map((line) => ({ ...line, reference: randomUUID(), acquirerId: name, paymentToken, currency })) as JournalLine[],
  };
}

interface Scope {
  readonly merchantId: string;
  readonly paymentId: string;
}

async function plantPosting(
  client: pg.Pool,
  { merchantId, paymentId }: Scope,
  kind: string,
  amount: number,
): Promise<string> {
  const id = randomUUID();
  await client.query(
    `WITH posting AS (
       INSERT INTO payments.postings (id, merchant_id, payment_id, kind, currency) VALUES ($1, $2, $3, $4, $5)
     )
     INSERT INTO payments.entries (id, merchant_id, posting_id, payment_id, account, amount_minor, currency)
     SELECT gen_random_uuid(), $2, $1, $3, account, sign * $6::bigint, $5
     FROM (VALUES ('acquirer_receivable', 1), ('merchant_payable', -1)) AS sides (account, sign)`,
    [id, merchantId, paymentId, kind, currency, amount],
  );
  return id;
}

/** The events of a change: one outbox entry, delivered and consumed. */
async function plantChange(
  client: pg.Pool,
  { merchantId, paymentId }: Scope,
  types: readonly string[],
  amount: number,
): Promise<string[]> {
  const events = types.map((type) => ({ id: randomUUID(), type, amount_minor: amount }));
  for (const { id, type } of events) {
    await client.query(
      `INSERT INTO payments.payment_events (id, merchant_id, payment_id, type, amount_minor) VALUES ($1, $2, $3, $4, $5)`,
      [id, merchantId, paymentId, type, amount],
    );
    await client.query(
      `SELECT payments.consume_events(jsonb_build_array(jsonb_build_object(
         'id', $1::uuid, 'merchant_id', $2::uuid, 'payment_id', $3::uuid, 'type', $4::text, 'created_at', now(),
         'currency', $5::text, 'amount_minor', $6::bigint
       )))`,
      [id, merchantId, paymentId, type, currency, amount],
    );
  }
  const [first, ...additionalEvents] = events;
  await client.query(
    `INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload, additional_events, delivered_at)
     VALUES ($1, $2, $3, $4, jsonb_build_object('amountMinor', $5::bigint, 'currency', $6::text), nullif($7::jsonb, '[]'), now())`,
    [first?.id, merchantId, paymentId, first?.type, amount, currency, JSON.stringify(additionalEvents)],
  );
  return events.map(({ id }) => id);
}
