SET LOCAL ROLE payments_owner;

-- Stores what the acquirer decided: the payment, its timeline, the outbox entry, the ledger and the response. Returns the
-- operations that ended, and when: the time that the responses show. An operation that another call has ended is left as
-- it is. The argument is json, not jsonb, so a response keeps the order of its fields.
--
-- The function works for several merchants at once, as the owner, to whom no row-level policy applies. That is safe,
-- because it returns only what it has just written, and finds every row by the merchant together with the key, operation
-- and payment of that merchant's request.
--
-- Rows are locked in the order of merchant and key, so two calls with the same keys never deadlock. lock_timeout is short,
-- because requests are refused after others have waited for a second: the caller then tries its operations one by one.
--
-- These queries admit only one plan, because a connection keeps plans that it made while the tables were empty. A partial
-- index on unfinished rows keeps dead entries until a vacuum, so rows must be found by their key. = ANY (ARRAY[...]) can
-- use the key's index but gives no reason to scan an index in its order; IS NOT DISTINCT FROM can use no index at all.
CREATE OR REPLACE FUNCTION payments.finish_operations(outcomes json) RETURNS TABLE (operation_id uuid, finished_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET lock_timeout = '200ms'
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
  AS $$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY
    WITH outcome AS MATERIALIZED (
      SELECT * FROM json_to_recordset(outcomes) AS o (
        merchant_id uuid, key text, operation_id uuid, correlation_id text, trace_header text, payment_id uuid, currency text,
        status text, captured_minor bigint, refunded_minor bigint, acquirer_id text, decline_code text, events jsonb,
        posting_id uuid, posting_kind text, entries jsonb, refund_id uuid, refund_minor bigint, refund_reason text,
        response_status integer, response json
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
      INSERT INTO payments.payment_events (id, merchant_id, payment_id, type, amount_minor, detail, actor)
      SELECT event.id, merchant_id, payment_id, event.type, event.amount_minor, event.detail, event.actor
      FROM ended, LATERAL jsonb_to_recordset(ended.events) AS event (id uuid, type text, amount_minor bigint, detail text, actor jsonb)
    ), waiting AS (
      INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload, additional_events, correlation_id, trace_header)
      SELECT (events->0->>'id')::uuid, merchant_id, payment_id, events->0->>'type',
        jsonb_build_object('amountMinor', events->0->'amount_minor', 'currency', currency, 'detail', events->0->'detail'),
        nullif(events - 0, '[]'), correlation_id, trace_header
      FROM ended
    ), authorization_time AS (
      INSERT INTO payments.authorizations (payment_id, merchant_id)
      SELECT payment_id, merchant_id FROM ended WHERE status = 'authorized'
      -- A declined capture or void leaves the payment authorized, since the same time.
      ON CONFLICT (payment_id) DO NOTHING
    ), posting AS (
      INSERT INTO payments.postings (id, merchant_id, payment_id, kind, currency)
      SELECT posting_id, merchant_id, payment_id, posting_kind, currency FROM ended WHERE posting_id IS NOT NULL
    ), entry AS (
      INSERT INTO payments.entries (id, merchant_id, posting_id, payment_id, account, amount_minor, currency)
      SELECT entry.id, merchant_id, posting_id, payment_id, entry.account, entry.amount_minor, currency
      FROM ended, LATERAL jsonb_to_recordset(ended.entries) AS entry (id uuid, account text, amount_minor bigint)
    ), refund AS (
      INSERT INTO payments.refunds (id, merchant_id, payment_id, amount_minor, reason)
      SELECT refund_id, merchant_id, payment_id, refund_minor, refund_reason FROM ended WHERE refund_id IS NOT NULL
    )
    UPDATE payments.idempotency_keys k SET
      recovery_point = 'finished', leased_until = NULL,
      response_status = ended.response_status, response = ended.response, finished_at = now()
    FROM ended WHERE k.merchant_id = ANY (ARRAY[ended.merchant_id]) AND k.key = ANY (ARRAY[ended.key])
    RETURNING k.operation_id, k.finished_at;
  END
  $$;

REVOKE ALL ON FUNCTION payments.finish_operations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.finish_operations TO payments_api, payments_worker;
