SET LOCAL ROLE payments_owner;

-- A partial index on what is unfinished keeps an entry for each row that was ever in it until the table is vacuumed. Rows that are known by
-- their key are therefore found by that, and never by a scan of such an index, whose cost would grow with every payment. What is joined
-- within a call comes together without comparing each with each.

-- As before; but each outcome brings its own events.
CREATE FUNCTION payments.finish_operations(outcomes jsonb, time_mark text) RETURNS TABLE (operation_id uuid, response_body text)
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
      SELECT outcome.*, k.recovery_point FROM outcome JOIN payments.idempotency_keys k USING (merchant_id, key, operation_id)
      ORDER BY merchant_id, key FOR UPDATE OF k
    ), ended AS MATERIALIZED (
      UPDATE payments.payments p SET
        pending_operation = NULL, status = o.status,
        captured_minor = coalesce(o.captured_minor, p.captured_minor), refunded_minor = coalesce(o.refunded_minor, p.refunded_minor),
        acquirer_id = coalesce(o.acquirer_id, p.acquirer_id), decline_code = coalesce(o.decline_code, p.decline_code)
      FROM held o
      WHERE o.recovery_point = 'prepared'
        AND p.id = o.payment_id AND p.merchant_id = o.merchant_id AND p.pending_operation = o.operation_id
      RETURNING o.*
    ), event AS MATERIALIZED (
      SELECT e.*, merchant_id, payment_id, currency, correlation_id, trace_header
      FROM ended, LATERAL jsonb_to_recordset(ended.events) AS e (id uuid, type text, amount_minor bigint, detail text) ORDER BY e.id
    ), timeline AS (
      INSERT INTO payments.payment_events (id, merchant_id, payment_id, type, amount_minor, detail)
      SELECT id, merchant_id, payment_id, type, amount_minor, detail FROM event ORDER BY id
    ), waiting AS (
      INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload, correlation_id, trace_header)
      SELECT id, merchant_id, payment_id, type,
        jsonb_build_object('amountMinor', amount_minor, 'currency', currency, 'detail', detail), correlation_id, trace_header
      FROM event ORDER BY id
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
    FROM ended WHERE k.merchant_id = ended.merchant_id AND k.key = ended.key
    RETURNING k.operation_id, k.response_body;
  END
  $$;
REVOKE ALL ON FUNCTION payments.finish_operations(jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.finish_operations(jsonb, text) TO payments_api, payments_worker;
ALTER FUNCTION payments.finish_operations(jsonb, jsonb, text) SET enable_bitmapscan = off;

-- As before, but planned once and not with each call.
CREATE OR REPLACE FUNCTION payments.take_from_outbox(most integer, lease interval)
  RETURNS TABLE (
    id uuid, merchant_id uuid, payment_id uuid, type text, payload jsonb, created_at timestamptz,
    correlation_id text, trace_header text
  )
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY
    WITH next AS (
      SELECT o.id FROM payments.outbox o
      WHERE o.delivered_at IS NULL AND o.next_attempt_at <= now()
        AND NOT EXISTS (
          SELECT FROM payments.outbox earlier
          WHERE earlier.payment_id = o.payment_id AND earlier.delivered_at IS NULL AND earlier.sequence < o.sequence
        )
      ORDER BY o.sequence LIMIT most FOR UPDATE SKIP LOCKED
    )
    UPDATE payments.outbox o
    SET attempts = o.attempts + 1,
        next_attempt_at = now() + greatest(lease, least(power(2, least(o.attempts, 9)), 300) * interval '1 second')
    FROM next WHERE o.id = next.id
    RETURNING o.id, o.merchant_id, o.payment_id, o.type, o.payload, o.created_at,
      coalesce(o.correlation_id, o.id::text), o.trace_header;
  END
  $$;

-- An event that was delivered twice keeps the time of the first.
CREATE OR REPLACE FUNCTION payments.mark_delivered(delivered uuid[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off
  AS $$
  BEGIN
    UPDATE payments.outbox SET delivered_at = coalesce(delivered_at, now()) WHERE id = ANY (delivered);
  END
  $$;

-- As before, step by step.
CREATE OR REPLACE FUNCTION payments.consume_events(events jsonb) RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
  #variable_conflict use_column
  DECLARE
    known uuid[];
    fresh uuid[];
  BEGIN
    SELECT array_agg(DISTINCT e.id) INTO known
    FROM jsonb_to_recordset(events) AS e (id uuid, merchant_id uuid, payment_id uuid)
    JOIN payments.payments p ON p.id = e.payment_id AND p.merchant_id = e.merchant_id;

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

-- As before; but a function that was bound to its operators when it was made becomes a part of the expression that it stands in, where it
-- was called for each row.
CREATE OR REPLACE FUNCTION payments.may_move(from_status text, to_status text) RETURNS boolean
  LANGUAGE sql IMMUTABLE
  RETURN (from_status, to_status) IN (
    ('processing', 'authorized'), ('processing', 'captured'), ('processing', 'declined'),
    ('authorized', 'captured'), ('authorized', 'voided'),
    ('captured', 'partially_refunded'), ('captured', 'refunded'),
    ('partially_refunded', 'partially_refunded'), ('partially_refunded', 'refunded')
  );
