SET LOCAL ROLE payments_owner;

-- A connection keeps the plans that it made, also those that it made while the tables were empty and any index would do. What takes, marks
-- and counts events is therefore written so that only one way of doing it is left, whatever was known of the tables: a row is found by its
-- key in a list, where no other index has that key; or as the first in the order of its index, from a value to that same value, because
-- nothing else has that order and sorting is switched off. A mere comparison may be answered by reading all that another index holds.

-- What one change of a payment tells is one entry of the outbox: taken, tried again and done with as a whole. The first event is in the
-- columns, as ever, and its id is the entry's; those that it told at once are in `further`, in their order and as the writer gave them;
-- a check of them would read the whole table while nobody may use it.
-- The version before goes on as it is: what it writes has nothing further, and its relay is given one row for each event, like any other.
ALTER TABLE payments.outbox ADD COLUMN further jsonb;

-- The statement that writes an entry writes its payment or the payment's timeline, too, which has this key; no payment is ever deleted; and
-- nobody writes an entry but through a function.
ALTER TABLE payments.outbox DROP CONSTRAINT outbox_payment_id_merchant_id_fkey;
REVOKE INSERT ON payments.outbox FROM payments_api;

-- As before; but the events of one outcome are one entry, and rows are joined by = ANY (ARRAY[...]), which an index can look up, but which is
-- no reason to read one whole in its order; and by IS NOT DISTINCT FROM, which no index knows, where one of less help stands ready.
CREATE OR REPLACE FUNCTION payments.finish_operations(outcomes jsonb, time_mark text) RETURNS TABLE (operation_id uuid, response_body text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET lock_timeout = '200ms' SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
  #variable_conflict use_column
  DECLARE
    finished_at text := to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  BEGIN
    RETURN QUERY
    WITH outcome AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(outcomes) AS o (
        merchant_id uuid, key text, operation_id uuid, correlation_id text, trace_header text, payment_id uuid, currency text,
        status text, captured_minor bigint, refunded_minor bigint, acquirer_id text, decline_code text, events jsonb,
        posting_id uuid, posting_kind text, debit_id uuid, credit_id uuid, debit_minor bigint,
        refund_id uuid, refund_minor bigint, refund_reason text,
        response_status integer, response_body text
      )
    ), held AS MATERIALIZED (
      SELECT o.*, k.recovery_point FROM (SELECT * FROM outcome ORDER BY merchant_id, key OFFSET 0) AS o
      JOIN payments.idempotency_keys k ON k.merchant_id = ANY (ARRAY[o.merchant_id]) AND k.key = ANY (ARRAY[o.key])
        AND k.operation_id IS NOT DISTINCT FROM o.operation_id
      FOR UPDATE OF k
    ), ended AS MATERIALIZED (
      UPDATE payments.payments p SET
        pending_operation = NULL, status = o.status,
        captured_minor = coalesce(o.captured_minor, p.captured_minor), refunded_minor = coalesce(o.refunded_minor, p.refunded_minor),
        acquirer_id = coalesce(o.acquirer_id, p.acquirer_id), decline_code = coalesce(o.decline_code, p.decline_code)
      FROM held o
      WHERE o.recovery_point = 'prepared'
        AND p.id = ANY (ARRAY[o.payment_id]) AND p.merchant_id IS NOT DISTINCT FROM o.merchant_id AND p.pending_operation = o.operation_id
      RETURNING o.*
    ), timeline AS (
      INSERT INTO payments.payment_events (id, merchant_id, payment_id, type, amount_minor, detail)
      SELECT event.id, merchant_id, payment_id, event.type, event.amount_minor, event.detail
      FROM ended, LATERAL jsonb_to_recordset(ended.events) AS event (id uuid, type text, amount_minor bigint, detail text)
    ), waiting AS (
      INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload, further, correlation_id, trace_header)
      SELECT (events->0->>'id')::uuid, merchant_id, payment_id, events->0->>'type',
        jsonb_build_object('amountMinor', events->0->'amount_minor', 'currency', currency, 'detail', events->0->'detail'),
        nullif(events - 0, '[]'), correlation_id, trace_header
      FROM ended
    ), posting AS (
      INSERT INTO payments.postings (id, merchant_id, payment_id, kind, currency)
      SELECT posting_id, merchant_id, payment_id, posting_kind, currency FROM ended WHERE posting_id IS NOT NULL
    ), entry AS (
      INSERT INTO payments.entries (id, merchant_id, posting_id, payment_id, account, amount_minor, currency)
      SELECT side.id, merchant_id, posting_id, payment_id, side.account, side.amount_minor, currency
      FROM ended, LATERAL (
        VALUES (debit_id, 'acquirer_receivable', debit_minor), (credit_id, 'merchant_payable', -debit_minor)
      ) AS side (id, account, amount_minor)
      WHERE posting_id IS NOT NULL
    ), refund AS (
      INSERT INTO payments.refunds (id, merchant_id, payment_id, amount_minor, reason)
      SELECT refund_id, merchant_id, payment_id, refund_minor, refund_reason FROM ended WHERE refund_id IS NOT NULL
    )
    UPDATE payments.idempotency_keys k SET
      recovery_point = 'finished', leased_until = NULL,
      response_status = ended.response_status, response_body = replace(ended.response_body, time_mark, finished_at)
    FROM ended WHERE k.merchant_id = ANY (ARRAY[ended.merchant_id]) AND k.key = ANY (ARRAY[ended.key])
    RETURNING k.operation_id, k.response_body;
  END
  $$;
-- Until a vacuum takes it out, the index of what waits holds all that was delivered, and every look for what waits passes over it. So the
-- table is vacuumed after so many changes, and not after those of a fifth of all that was ever delivered; and its indexes with it, which
-- would be left alone where few of the table's pages have changed.
ALTER TABLE payments.outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000, vacuum_index_cleanup = on);

-- The next entries to deliver, each of their events in a row of its own, in order: only the oldest waiting entry of each payment. Taking one
-- moves its next attempt, which is the lease.
CREATE OR REPLACE FUNCTION payments.take_from_outbox(most integer, lease interval)
  RETURNS TABLE (
    id uuid, merchant_id uuid, payment_id uuid, type text, payload jsonb, created_at timestamptz,
    correlation_id text, trace_header text
  )
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  AS $$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY
    WITH taken AS (
      UPDATE payments.outbox o
      SET attempts = o.attempts + 1,
          next_attempt_at = now() + greatest(lease, least(power(2, least(o.attempts, 9)), 300) * interval '1 second')
      WHERE o.id = ANY (ARRAY(
        SELECT waiting.id FROM payments.outbox waiting
        WHERE waiting.delivered_at IS NULL AND waiting.next_attempt_at <= now()
          AND waiting.sequence = (
            SELECT earliest.sequence FROM payments.outbox earliest
            WHERE earliest.payment_id BETWEEN waiting.payment_id AND waiting.payment_id AND earliest.delivered_at IS NULL
            ORDER BY earliest.payment_id, earliest.sequence LIMIT 1
          )
        ORDER BY waiting.sequence LIMIT most FOR UPDATE SKIP LOCKED
      ))
      RETURNING o.*
    )
    SELECT event.id, merchant_id, payment_id, event.type, event.payload, created_at,
      coalesce(correlation_id, event.id::text), trace_header
    FROM taken, LATERAL (
      SELECT 0 AS place, taken.id, taken.type, taken.payload
      UNION ALL
      SELECT place, (told->>'id')::uuid, told->>'type',
        jsonb_build_object('amountMinor', told->'amount_minor', 'currency', taken.payload->'currency', 'detail', told->'detail')
      FROM jsonb_array_elements(taken.further) WITH ORDINALITY AS more (told, place)
    ) AS event
    ORDER BY sequence, place;
  END
  $$;

-- An entry is done with when all of its events were delivered. One that was delivered twice keeps the time of the first.
CREATE OR REPLACE FUNCTION payments.mark_delivered(delivered uuid[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off
  AS $$
  BEGIN
    UPDATE payments.outbox SET delivered_at = coalesce(delivered_at, now())
    WHERE id = ANY (delivered) AND NOT EXISTS (
      SELECT FROM jsonb_array_elements(further) AS event WHERE (event->>'id')::uuid NOT IN (SELECT unnest(delivered))
    );
  END
  $$;

-- An event is parked, and an entry delivered again: what was consumed of it is not counted twice.
ALTER TABLE payments.parked_events DROP CONSTRAINT parked_events_event_id_fkey, ADD COLUMN entry_id uuid REFERENCES payments.outbox;
UPDATE payments.parked_events SET entry_id = event_id;
ALTER TABLE payments.parked_events ALTER COLUMN entry_id SET NOT NULL;

-- Keeps the reason. The relay marks the entry as delivered, once its other events are.
CREATE OR REPLACE FUNCTION payments.park_event(event uuid, why text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
    INSERT INTO payments.parked_events (event_id, entry_id, reason)
    SELECT event, o.id, why FROM payments.outbox o WHERE o.id = event
    UNION ALL
    SELECT event, o.id, why FROM payments.payment_events e JOIN payments.outbox o ON o.payment_id = e.payment_id
    WHERE e.id = event AND o.delivered_at IS NULL AND o.further @> jsonb_build_array(jsonb_build_object('id', event))
    ON CONFLICT DO NOTHING
  $$;
CREATE OR REPLACE FUNCTION payments.unpark_events() RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    WITH unparked AS (DELETE FROM payments.parked_events RETURNING entry_id),
      waiting AS (
        UPDATE payments.outbox SET delivered_at = NULL, attempts = 0, next_attempt_at = now()
        WHERE id IN (SELECT entry_id FROM unparked)
      )
    SELECT count(*) FROM unparked
  $$;

-- As before.
CREATE OR REPLACE FUNCTION payments.consume_events(events jsonb) RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  AS $$
  #variable_conflict use_column
  DECLARE
    known uuid[];
    fresh uuid[];
  BEGIN
    SELECT array_agg(DISTINCT e.id) INTO known
    FROM jsonb_to_recordset(events) AS e (id uuid, merchant_id uuid, payment_id uuid)
    WHERE e.merchant_id = (
      SELECT p.merchant_id FROM payments.payments p WHERE p.id BETWEEN e.payment_id AND e.payment_id ORDER BY p.id LIMIT 1
    );

    WITH receipt AS (
      INSERT INTO payments.event_receipts (event_id) SELECT unnest(known) ON CONFLICT DO NOTHING RETURNING event_id
    )
    SELECT array_agg(event_id) INTO fresh FROM receipt;

    INSERT INTO payments.daily_totals AS t
      (merchant_id, day, currency, approved_count, declined_count, captured_minor, refunded_minor)
    SELECT merchant_id, (created_at AT TIME ZONE 'UTC')::date AS day, currency,
      count(*) FILTER (WHERE type = 'payment.authorized'), count(*) FILTER (WHERE type = 'payment.declined'),
      coalesce(sum(amount_minor) FILTER (WHERE type = 'payment.captured'), 0),
      coalesce(sum(amount_minor) FILTER (WHERE type = 'refund.succeeded'), 0)
    FROM (
      SELECT DISTINCT ON (id) * FROM jsonb_to_recordset(events) AS e (
        id uuid, merchant_id uuid, type text, created_at timestamptz, currency text, amount_minor bigint
      ) WHERE id = ANY (fresh)
    ) AS once
    GROUP BY merchant_id, day, currency ORDER BY merchant_id, day, currency
    ON CONFLICT (merchant_id, day, currency) DO UPDATE SET
      approved_count = t.approved_count + EXCLUDED.approved_count,
      declined_count = t.declined_count + EXCLUDED.declined_count,
      captured_minor = t.captured_minor + EXCLUDED.captured_minor,
      refunded_minor = t.refunded_minor + EXCLUDED.refunded_minor;

    RETURN QUERY SELECT unnest(known);
  END
  $$;

-- It is planned with each call, by what is known then; that alone may be wrong, too.
ALTER FUNCTION payments.outbox_lag_seconds SET enable_seqscan = off;
