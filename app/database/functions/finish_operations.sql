SET LOCAL ROLE payments_owner;

-- Stores what the acquirer decided: the payment, its timeline, the outbox entry, the ledger and the response. The time of
-- this transaction replaces time_mark in the response. Returns the operations that ended; an operation that another call
-- has ended is left as it is.
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
CREATE OR REPLACE FUNCTION payments.finish_operations(outcomes jsonb, time_mark text) RETURNS TABLE (operation_id uuid, response_body text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET lock_timeout = '200ms'
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
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
      INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload, additional_events, correlation_id, trace_header)
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

REVOKE ALL ON FUNCTION payments.finish_operations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.finish_operations TO payments_api, payments_worker;
