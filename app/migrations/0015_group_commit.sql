SET LOCAL ROLE payments_owner;

-- Requests that arrive together are stored together: one transaction, one round trip, one wait for the disk. What is checked once for
-- each row would then be most of the cost, so the checks become fewer, and say more.

-- What belongs to a payment belongs to its merchant. One key says both, where two said less and were checked twice.
ALTER TABLE payments.payments ADD CONSTRAINT payments_of_merchant UNIQUE (id, merchant_id);
ALTER TABLE payments.payment_events
  DROP CONSTRAINT payment_events_merchant_id_fkey, DROP CONSTRAINT payment_events_payment_id_fkey,
  ADD FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments (id, merchant_id);
ALTER TABLE payments.refunds
  DROP CONSTRAINT refunds_merchant_id_fkey, DROP CONSTRAINT refunds_payment_id_fkey,
  ADD FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments (id, merchant_id);
ALTER TABLE payments.outbox
  DROP CONSTRAINT outbox_merchant_id_fkey, DROP CONSTRAINT outbox_payment_id_fkey,
  ADD FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments (id, merchant_id);
ALTER TABLE payments.entries
  DROP CONSTRAINT entries_merchant_id_fkey, DROP CONSTRAINT entries_payment_id_fkey, DROP CONSTRAINT entries_posting_id_currency_fkey;
ALTER TABLE payments.postings
  DROP CONSTRAINT postings_merchant_id_fkey, DROP CONSTRAINT postings_payment_id_fkey, DROP CONSTRAINT postings_id_currency_key,
  ADD FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments (id, merchant_id),
  ADD CONSTRAINT postings_as_entries_name_them UNIQUE (id, payment_id, merchant_id, currency);
ALTER TABLE payments.entries
  ADD FOREIGN KEY (posting_id, payment_id, merchant_id, currency) REFERENCES payments.postings (id, payment_id, merchant_id, currency);

-- A posting and its entries are written by one statement, and judged when it ends. Every statement adds to each posting entries that sum
-- to zero, so what was there before need not be read again. Until now the commit judged, and once for each row.
DROP TRIGGER posting_is_balanced ON payments.postings;
DROP TRIGGER entry_is_balanced ON payments.entries;
DROP FUNCTION payments.check_posting, payments.check_entry, payments.check_balance;

CREATE FUNCTION payments.check_new_entries() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    wrong record;
  BEGIN
    SELECT posting_id, count(*) AS entries, sum(amount_minor) AS total INTO wrong
    FROM added GROUP BY posting_id HAVING count(*) < 2 OR sum(amount_minor) <> 0 LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'posting % is not balanced: % new entries sum to %', wrong.posting_id, wrong.entries, wrong.total
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
  END
  $$;
-- The row-level policy of a merchant must not hide an entry from the check, nor an empty table's statistics lead it to read all of it.
CREATE FUNCTION payments.check_new_postings() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
  DECLARE
    empty uuid;
  BEGIN
    SELECT p.id INTO empty FROM added p
    WHERE NOT EXISTS (SELECT FROM payments.entries e WHERE e.posting_id = p.id OFFSET 0) LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'posting % is not balanced: it has no entries', empty USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
  END
  $$;
CREATE TRIGGER entries_are_balanced AFTER INSERT ON payments.entries
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments.check_new_entries();
CREATE TRIGGER postings_have_entries AFTER INSERT ON payments.postings
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments.check_new_postings();

-- An update that finds room on its own page touches no index.
ALTER TABLE payments.payments SET (fillfactor = 50);

/*
 * The two functions below work for several merchants at once, as their owner, whom no row-level policy holds. That is safe because of what
 * they cannot do: they read nothing out that they have not written just then, every row that they add takes its merchant from its own
 * request, and every row that they change is found by that merchant together with the key, operation and payment that he was given for it.
 * The merchant of a request is the one who authenticated, as it is where app.merchant_id is set.
 *
 * Rows are claimed and locked in the order of merchant and key, so that two calls with the same keys wait for each other and never in a
 * circle. Nobody waits long: what holds a row for half a second holds up one request and not its neighbours, which the caller then tries
 * one by one. Rows are found by their indexes, however small the tables were when a connection made its plans.
 */

-- Claims keys for new payments and stores both, ready for the acquirer, or queued: then an event asks its consumer for the payment, and
-- nobody holds it while it waits. Returns the operations that began, and when; a key that was used before is left alone.
CREATE FUNCTION payments.begin_payments(requests jsonb) RETURNS TABLE (operation_id uuid, begun_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET lock_timeout = '500ms' SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY
    WITH request AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(requests) AS r (
        merchant_id uuid, key text, request_hash text, correlation_id text, trace_header text, operation_id uuid, operation jsonb,
        payment_id uuid, event_id uuid, amount_minor bigint, currency text, payment_token text, reference text, description text
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
      INSERT INTO payments.payments
        (id, merchant_id, amount_minor, currency, payment_token, reference, description, pending_operation)
      SELECT payment_id, merchant_id, amount_minor, currency, payment_token, reference, description, operation_id FROM claimed
    ), event AS (
      INSERT INTO payments.payment_events (id, merchant_id, payment_id, type, amount_minor)
      SELECT event_id, merchant_id, payment_id, 'payment.created', amount_minor FROM claimed
    ), waiting AS (
      INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload, correlation_id, trace_header)
      SELECT operation_id, merchant_id, payment_id, 'payment.requested',
        jsonb_build_object('amountMinor', amount_minor, 'currency', currency, 'detail', NULL), correlation_id, trace_header
      FROM claimed WHERE operation ? 'queued' ORDER BY event_id
    )
    SELECT operation_id, now() FROM claimed;
  END
  $$;

-- Stores what the acquirer decided: payment, timeline, outbox, ledger and the answer, in which the time of this transaction takes the
-- place of `time_mark`. Returns the operations that ended; one that somebody else has ended is left alone.
CREATE FUNCTION payments.finish_operations(outcomes jsonb, events jsonb, time_mark text)
  RETURNS TABLE (operation_id uuid, response_body text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET lock_timeout = '500ms' SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
  #variable_conflict use_column
  DECLARE
    finished_at text := to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  BEGIN
    RETURN QUERY
    WITH outcome AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(outcomes) AS o (
        merchant_id uuid, key text, operation_id uuid, correlation_id text, trace_header text, payment_id uuid, currency text,
        status text, captured_minor bigint, refunded_minor bigint, acquirer_id text, decline_code text,
        posting_id uuid, posting_kind text, debit_id uuid, credit_id uuid, debit_minor bigint,
        refund_id uuid, refund_minor bigint, refund_reason text,
        response_status integer, response_body text
      )
    ), open AS MATERIALIZED (
      SELECT outcome.* FROM outcome JOIN payments.idempotency_keys k USING (merchant_id, key, operation_id)
      WHERE k.recovery_point = 'prepared' ORDER BY merchant_id, key FOR UPDATE OF k
    ), ended AS MATERIALIZED (
      UPDATE payments.payments p SET
        pending_operation = NULL, status = o.status,
        captured_minor = coalesce(o.captured_minor, p.captured_minor), refunded_minor = coalesce(o.refunded_minor, p.refunded_minor),
        acquirer_id = coalesce(o.acquirer_id, p.acquirer_id), decline_code = coalesce(o.decline_code, p.decline_code)
      FROM open o WHERE p.id = o.payment_id AND p.merchant_id = o.merchant_id AND p.pending_operation = o.operation_id
      RETURNING o.*
    ), event AS MATERIALIZED (
      SELECT e.*, merchant_id, payment_id, currency, correlation_id, trace_header
      FROM jsonb_to_recordset(events) AS e (id uuid, operation_id uuid, type text, amount_minor bigint, detail text)
      JOIN ended USING (operation_id) ORDER BY e.id
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

REVOKE ALL ON FUNCTION payments.begin_payments, payments.finish_operations, payments.check_new_entries, payments.check_new_postings
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.begin_payments, payments.finish_operations TO payments_api;
-- The consumer ends payments through the function too, so it needs to change nothing else but how long it holds one.
GRANT EXECUTE ON FUNCTION payments.finish_operations TO payments_worker;
REVOKE UPDATE (status, pending_operation, captured_minor, refunded_minor, acquirer_id, decline_code)
  ON payments.payments FROM payments_worker;
REVOKE UPDATE (recovery_point, response_status, response_body) ON payments.idempotency_keys FROM payments_worker;
REVOKE INSERT ON payments.payment_events, payments.postings, payments.entries, payments.outbox FROM payments_worker;
REVOKE SELECT (id) ON payments.payment_events, payments.postings FROM payments_worker;
REVOKE EXECUTE ON FUNCTION payments.may_move FROM payments_worker;
