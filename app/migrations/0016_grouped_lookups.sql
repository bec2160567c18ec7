SET LOCAL ROLE payments_owner;

-- Whose credentials these are, for requests that come at the same time: keys and tokens of sessions, each by its digest. Unlike the
-- functions for one, its plan is kept by the connection; they remain for the version before.
CREATE FUNCTION payments.merchants_of(key_hashes bytea[], token_hashes bytea[])
  RETURNS TABLE (
    digest bytea, of_session boolean, merchant_id uuid, merchant_name text, scopes text[], api_key_id uuid, expires_at timestamptz
  )
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY
    SELECT k.key_hash, false, m.id, m.name, k.scopes, k.id, k.expires_at
    FROM payments.api_keys k JOIN payments.merchants m ON m.id = k.merchant_id
    WHERE k.key_hash = ANY (key_hashes) AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
    UNION ALL
    SELECT s.token_hash, true, m.id, m.name, k.scopes, k.id, s.expires_at
    FROM payments.sessions s
    JOIN payments.api_keys k ON k.id = s.api_key_id
    JOIN payments.merchants m ON m.id = k.merchant_id
    WHERE s.token_hash = ANY (token_hashes) AND s.expires_at > now()
      AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now());
  END
  $$;

-- Consumes events, each exactly once, however often it is delivered. Returns those of payments that there are; the others it leaves alone.
-- Rows are written in the order of their keys, so that two consumers never wait for each other in a circle.
CREATE FUNCTION payments.consume_events(events jsonb) RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY
    WITH event AS MATERIALIZED (
      SELECT e.*, (e.created_at AT TIME ZONE 'UTC')::date AS day
      FROM jsonb_to_recordset(events) AS e (
        id uuid, merchant_id uuid, payment_id uuid, type text, created_at timestamptz, currency text, amount_minor bigint
      )
      JOIN payments.payments p ON p.id = e.payment_id AND p.merchant_id = e.merchant_id
    ), receipt AS (
      INSERT INTO payments.event_receipts (event_id) SELECT DISTINCT id FROM event ORDER BY id
      ON CONFLICT DO NOTHING RETURNING event_id
    ), total AS (
      INSERT INTO payments.daily_totals AS t
        (merchant_id, day, currency, approved_count, declined_count, captured_minor, refunded_minor)
      SELECT merchant_id, day, currency,
        count(*) FILTER (WHERE type = 'payment.authorized'), count(*) FILTER (WHERE type = 'payment.declined'),
        coalesce(sum(amount_minor) FILTER (WHERE type = 'payment.captured'), 0),
        coalesce(sum(amount_minor) FILTER (WHERE type = 'refund.succeeded'), 0)
      FROM receipt JOIN (SELECT DISTINCT ON (id) * FROM event) AS once ON once.id = receipt.event_id
      GROUP BY merchant_id, day, currency ORDER BY merchant_id, day, currency
      ON CONFLICT (merchant_id, day, currency) DO UPDATE SET
        approved_count = t.approved_count + EXCLUDED.approved_count,
        declined_count = t.declined_count + EXCLUDED.declined_count,
        captured_minor = t.captured_minor + EXCLUDED.captured_minor,
        refunded_minor = t.refunded_minor + EXCLUDED.refunded_minor
    )
    SELECT id FROM event;
  END
  $$;

-- Requests are refused when others have waited for a second; one that waits for a lock must not bring that about.
ALTER FUNCTION payments.begin_payments SET lock_timeout = '200ms';
ALTER FUNCTION payments.finish_operations SET lock_timeout = '200ms';

REVOKE ALL ON FUNCTION payments.merchants_of, payments.consume_events FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.merchants_of TO payments_api;
GRANT EXECUTE ON FUNCTION payments.consume_events TO payments_api, payments_worker;
