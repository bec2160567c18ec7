SET LOCAL ROLE payments_owner;

-- Claims idempotency keys for new payments and stores both, ready for the acquirer. A queued payment is not leased; an
-- event in the outbox asks its consumer to process it. Returns the operations that began, and when. A key that was used
-- before is left as it is.
--
-- The function works for several merchants at once, as the owner, to whom no row-level policy applies. That is safe,
-- because it returns only what it has just written, and every row takes its merchant from its own request. That merchant
-- is the authenticated one, as where app.merchant_id is set.
--
-- Keys are claimed in the order of merchant and key, so two calls with the same keys wait for each other but never
-- deadlock. lock_timeout is short, because requests are refused after others have waited for a second: a row that is
-- locked for longer fails the call, and the caller tries its requests one by one.
-- The other settings leave one plan, by index: a connection keeps its plans, also those that it made while the tables were
-- empty.
CREATE OR REPLACE FUNCTION payments.begin_payments(requests jsonb) RETURNS TABLE (operation_id uuid, begun_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET lock_timeout = '200ms'
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
  AS $$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY
    WITH request AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(requests) AS r (
        merchant_id uuid, key text, request_hash text, correlation_id text, trace_header text, operation_id uuid, operation jsonb,
        payment_id uuid, event_id uuid, status text, amount_minor bigint, captured_minor bigint, refunded_minor bigint,
        currency text, payment_token text, reference text, description text, metadata jsonb
      )
    ), claim AS (
      INSERT INTO payments.idempotency_keys
        (merchant_id, key, operation_id, request_hash, correlation_id, recovery_point, operation, leased_until)
      SELECT merchant_id, key, operation_id, decode(request_hash, 'hex'), correlation_id, 'prepared', operation,
        CASE WHEN NOT operation ? 'queued' THEN now() + interval '30 seconds' END
      FROM request ORDER BY merchant_id, key
      ON CONFLICT (merchant_id, key) DO NOTHING
      RETURNING operation_id
    ), claimed AS MATERIALIZED (
      SELECT request.* FROM claim JOIN request USING (operation_id)
    ), payment AS (
      INSERT INTO payments.payments (
        id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token, reference, description,
        metadata, pending_operation
      )
      SELECT payment_id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token, reference, description,
        coalesce(metadata, '{}'), operation_id
      FROM claimed
    ), event AS (
      INSERT INTO payments.payment_events (id, merchant_id, payment_id, type, amount_minor)
      SELECT event_id, merchant_id, payment_id, 'payment.created', amount_minor FROM claimed
    ), pair AS (
      INSERT INTO payments.payment_metadata (payment_id, merchant_id, name, value)
      SELECT payment_id, merchant_id, name, value
      FROM claimed CROSS JOIN LATERAL jsonb_each_text(coalesce(metadata, '{}')) AS pair (name, value)
    ), waiting AS (
      INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload, correlation_id, trace_header)
      SELECT operation_id, merchant_id, payment_id, 'payment.requested',
        jsonb_build_object('amountMinor', amount_minor, 'currency', currency, 'detail', NULL), correlation_id, trace_header
      FROM claimed WHERE operation ? 'queued' ORDER BY event_id
    )
    SELECT operation_id, now() FROM claimed;
  END
  $$;

REVOKE ALL ON FUNCTION payments.begin_payments FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.begin_payments TO payments_api;
