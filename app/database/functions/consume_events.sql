SET LOCAL ROLE payments_owner;

-- Consumes events, each exactly once, however often it is delivered. Returns the events whose payment exists; the others
-- are left to the caller. An event is counted, and becomes a delivery to each webhook endpoint of the merchant that wants its
-- type. A delivery behind others of its payment waits as long as they do.
-- Rows are written in the order of their keys, so two consumers never deadlock. The settings and the BETWEEN from a value
-- to the same value leave one plan, by index: a connection keeps plans that it made while the tables were empty.
CREATE OR REPLACE FUNCTION payments.consume_events(events jsonb) RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_hashjoin = off
  SET enable_mergejoin = off SET jit = off
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

    INSERT INTO payments.daily_declines AS t (merchant_id, day, currency, decline_code, declined_count)
    SELECT merchant_id, (created_at AT TIME ZONE 'UTC')::date AS day, currency, coalesce(detail, 'unknown') AS code, count(*)
    FROM (
      SELECT DISTINCT ON (id) * FROM jsonb_to_recordset(events) AS e (
        id uuid, merchant_id uuid, type text, created_at timestamptz, currency text, detail text
      ) WHERE id = ANY (fresh) AND type = 'payment.declined'
    ) AS once
    GROUP BY merchant_id, day, currency, code ORDER BY merchant_id, day, currency, code
    ON CONFLICT (merchant_id, day, currency, decline_code)
      DO UPDATE SET declined_count = t.declined_count + EXCLUDED.declined_count;

    INSERT INTO payments.webhook_deliveries
      (merchant_id, endpoint_id, event_id, event_type, payment_id, payload, occurred_at, correlation_id, next_attempt_at)
    SELECT e.merchant_id, w.id, e.id, e.type, e.payment_id,
      jsonb_build_object('amountMinor', e.amount_minor, 'currency', e.currency, 'detail', e.detail),
      e.created_at, coalesce(e.correlation_id, e.id::text), coalesce(
        (
          SELECT d.next_attempt_at FROM payments.webhook_deliveries d
          WHERE d.endpoint_id = w.id AND d.payment_id = e.payment_id AND d.status = 'pending'
          ORDER BY d.sequence DESC LIMIT 1
        ),
        now()
      )
    FROM ROWS FROM (
      jsonb_to_recordset(events) AS (
        id uuid, merchant_id uuid, payment_id uuid, type text, created_at timestamptz, currency text, amount_minor bigint,
        detail text, correlation_id text
      )
    ) WITH ORDINALITY AS e (
      id, merchant_id, payment_id, type, created_at, currency, amount_minor, detail, correlation_id, place
    )
    JOIN payments.webhook_endpoints w
      ON w.merchant_id = e.merchant_id AND w.deleted_at IS NULL AND e.type = ANY (w.event_types)
    WHERE e.id = ANY (fresh)
    ORDER BY e.place
    ON CONFLICT (endpoint_id, event_id) DO NOTHING;

    RETURN QUERY SELECT unnest(known);
  END
  $$;

REVOKE ALL ON FUNCTION payments.consume_events FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.consume_events TO payments_api, payments_worker;
