SET LOCAL ROLE payments_owner;

-- A connection keeps the plans that it made, also those that it made while the tables were empty and any index would do. Each statement of
-- the relay and the consumer is therefore written so that only one way of doing it is left, whatever was known of the tables: a row is
-- found by asking for the first in the order of its index, from a value to that same value, because nothing else has that order and
-- sorting is switched off. A mere comparison may be answered by reading all that another index holds.

-- As before.
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
    RETURNING o.id, o.merchant_id, o.payment_id, o.type, o.payload, o.created_at,
      coalesce(o.correlation_id, o.id::text), o.trace_header;
  END
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
