import type pg from 'pg';

/** The rows of the database, read as superuser. Amounts are minor units. */
export interface Recorded {
  readonly payments: readonly RecordedPayment[];
  readonly keys: readonly RecordedKey[];
  readonly postings: readonly RecordedPosting[];
  readonly events: readonly RecordedEvent[];
  readonly totals: readonly RecordedTotal[];
}

export interface RecordedPayment {
  readonly id: string;
  readonly merchantId: string;
  readonly paymentToken: string;
  readonly status: string;
  readonly amountMinor: number;
  readonly capturedAmountMinor: number;
  readonly refundedAmountMinor: number;
  readonly currency: string;
  readonly isPending: boolean;
}

/** An idempotency key and its stored response. */
export interface RecordedKey {
  readonly merchantId: string;
  readonly key: string;
  readonly isFinished: boolean;
  readonly responseStatus: number | null;
  readonly responseBody: string | null;
}

/** A posting with the sums of its entries. */
export interface RecordedPosting {
  readonly id: string;
  readonly paymentId: string;
  readonly merchantId: string;
  readonly kind: string;
  readonly entryCount: number;
  /** Zero when it balances. */
  readonly sumMinor: number;
  readonly receivableMinor: number;
}

/** An event of a payment's timeline and its delivery, in the order of the timeline. */
export interface RecordedEvent {
  readonly id: string;
  readonly paymentId: string;
  readonly merchantId: string;
  readonly type: string;
  readonly amountMinor: number;
  readonly day: string;
  readonly currency: string;
  readonly timesInOutbox: number;
  readonly isDelivered: boolean;
  readonly receipts: number;
}

/** The daily totals. */
export interface RecordedTotal {
  readonly merchantId: string;
  readonly day: string;
  readonly currency: string;
  readonly approvedCount: number;
  readonly declinedCount: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

const queries = {
  payments: `SELECT id, merchant_id AS "merchantId", payment_token AS "paymentToken", status, amount_minor::float8 AS "amountMinor",
      captured_minor::float8 AS "capturedAmountMinor", refunded_minor::float8 AS "refundedAmountMinor", currency,
      pending_operation IS NOT NULL AS "isPending"
    FROM payments.payments`,
  keys: `SELECT merchant_id AS "merchantId", key, recovery_point = 'finished' AS "isFinished", response_status AS "responseStatus",
      response, to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "finishedAt"
    FROM payments.idempotency_keys`,
  postings: `SELECT p.id, p.payment_id AS "paymentId", p.merchant_id AS "merchantId", p.kind, count(e.id)::float8 AS "entryCount",
      coalesce(sum(e.amount_minor), 0)::float8 AS "sumMinor",
      coalesce(sum(e.amount_minor) FILTER (WHERE e.account = 'acquirer_receivable'), 0)::float8 AS "receivableMinor"
    FROM payments.postings p
    LEFT JOIN payments.entries e ON e.posting_id = p.id AND e.payment_id = p.payment_id AND e.merchant_id = p.merchant_id
    GROUP BY p.id`,
  // An outbox entry has its first event in columns, and further events of the same change in an array.
  events: `WITH announced AS (
      SELECT id, payment_id, merchant_id, type, (payload->>'amountMinor')::bigint AS amount_minor, created_at, delivered_at
      FROM payments.outbox
      UNION ALL
      SELECT (event->>'id')::uuid, payment_id, merchant_id, event->>'type', (event->>'amount_minor')::bigint, created_at, delivered_at
      FROM payments.outbox, jsonb_array_elements(additional_events) AS event
    ), outbox AS (
      SELECT id, payment_id, merchant_id, type, amount_minor, count(*) AS times, min(created_at) AS created_at,
        bool_and(delivered_at IS NOT NULL) AS is_delivered
      FROM announced GROUP BY id, payment_id, merchant_id, type, amount_minor
    )
    SELECT e.id, e.payment_id AS "paymentId", e.merchant_id AS "merchantId", e.type, coalesce(e.amount_minor, 0)::float8 AS "amountMinor",
      (o.created_at AT TIME ZONE 'UTC')::date::text AS day, p.currency, coalesce(o.times, 0)::float8 AS "timesInOutbox",
      coalesce(o.is_delivered, false) AS "isDelivered", (r.event_id IS NOT NULL)::int AS receipts
    FROM payments.payment_events e
    LEFT JOIN outbox o USING (id, payment_id, merchant_id, type, amount_minor)
    JOIN payments.payments p ON p.id = e.payment_id
    LEFT JOIN payments.event_receipts r ON r.event_id = e.id
    ORDER BY e.occurred_at, e.id`,
  totals: `SELECT merchant_id AS "merchantId", day::text, currency, approved_count::float8 AS "approvedCount",
      declined_count::float8 AS "declinedCount", captured_minor::float8 AS "capturedMinor", refunded_minor::float8 AS "refundedMinor"
    FROM payments.daily_totals`,
} as const satisfies Record<keyof Recorded, string>;

/** The stored response, without the time, which has its own column, and the next action, which a finished payment lacks. */
export interface StoredResponse {
  /** Missing where the database has been damaged. */
  readonly payment?: { readonly metadata: object; readonly createdAt: string };
  readonly refund?: object;
  readonly decline?: { readonly operation: string; readonly code: string };
}

/** The response body for a stored response; for a decline, the members of its problem that clients record. */
export function bodyOf({ payment, refund, decline }: StoredResponse, finishedAt: string): string {
  const { metadata, createdAt, ...facts }: Partial<NonNullable<typeof payment>> = payment ?? {};
  const completed = { ...facts, nextAction: null, metadata, createdAt, updatedAt: finishedAt };
  if (decline)
    return JSON.stringify({
      type: `/problems/${decline.operation}-declined`,
      declineCode: decline.code,
      payment: completed,
    });
  return JSON.stringify(refund ? { refund: { ...refund, createdAt: finishedAt }, payment: completed } : completed);
}

interface KeyRow extends Omit<RecordedKey, 'responseBody'> {
  readonly response: StoredResponse | null;
  readonly finishedAt: string | null;
}

function recordedKey({ response, finishedAt, ...key }: KeyRow): RecordedKey {
  return { ...key, responseBody: response && finishedAt ? bodyOf(response, finishedAt) : null };
}

/** Reads all rows in one snapshot. Requires a superuser. */
export async function readRecorded(client: pg.Client): Promise<Recorded> {
  const rows = async <T extends pg.QueryResultRow>(sql: string) => (await client.query<T>(sql)).rows;
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  const recorded = {
    payments: await rows<RecordedPayment>(queries.payments),
    keys: (await rows<KeyRow>(queries.keys)).map(recordedKey),
    postings: await rows<RecordedPosting>(queries.postings),
    events: await rows<RecordedEvent>(queries.events),
    totals: await rows<RecordedTotal>(queries.totals),
  };
  await client.query('COMMIT');
  return recorded;
}
