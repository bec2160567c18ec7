SET LOCAL ROLE payments_owner;

-- What was queued is its consumer's to do. Only when it has not been done for a quarter of an hour does the recovery go on instead.
CREATE OR REPLACE FUNCTION payments.stuck_operations(older_than interval, most integer)
  RETURNS TABLE (merchant_id uuid, key text, request_hash bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT k.merchant_id, k.key, k.request_hash FROM payments.idempotency_keys k
    WHERE k.recovery_point = 'prepared'
      AND coalesce(k.leased_until, k.created_at)
        < now() - CASE WHEN k.operation ? 'queued' THEN greatest(older_than, interval '15 minutes') ELSE older_than END
    ORDER BY k.created_at LIMIT most
  $$;

-- As before, but for an event of a payment that there is not: NULL, and nothing is counted.
CREATE FUNCTION payments.consume_event(
  event uuid, merchant uuid, payment uuid, on_day date, in_currency text, event_type text, amount bigint
) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT payments.consume_event(event, merchant, on_day, in_currency, event_type, amount)
    FROM payments.payments p WHERE p.id = payment AND p.merchant_id = merchant
  $$;

-- Where no queue has dead letters: events that can never be consumed, and why. What follows them goes on.
CREATE TABLE payments.parked_events (
  event_id uuid PRIMARY KEY REFERENCES payments.outbox,
  reason text NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION payments.park_event(event uuid, why text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    INSERT INTO payments.parked_events (event_id, reason) VALUES (event, why) ON CONFLICT DO NOTHING;
    UPDATE payments.outbox SET delivered_at = now() WHERE id = event AND delivered_at IS NULL;
  $$;
-- Lets them be delivered again, once what kept them from being consumed is mended. Returns how many.
CREATE FUNCTION payments.unpark_events() RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    WITH unparked AS (DELETE FROM payments.parked_events RETURNING event_id),
      waiting AS (
        UPDATE payments.outbox SET delivered_at = NULL, attempts = 0, next_attempt_at = now()
        WHERE id IN (SELECT event_id FROM unparked) RETURNING id
      )
    SELECT count(*) FROM waiting
  $$;

REVOKE ALL ON FUNCTION payments.consume_event(uuid, uuid, uuid, date, text, text, bigint), payments.park_event,
  payments.unpark_events FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.consume_event(uuid, uuid, uuid, date, text, text, bigint) TO payments_api, payments_worker;
GRANT EXECUTE ON FUNCTION payments.park_event TO payments_api;

-- What the consumer needs to end a payment, and no more: it makes none, answers nobody, and sees one merchant at a time.
GRANT SELECT ON payments.payments, payments.idempotency_keys TO payments_worker;
GRANT UPDATE (status, pending_operation, captured_minor, refunded_minor, acquirer_id, decline_code)
  ON payments.payments TO payments_worker;
GRANT UPDATE (recovery_point, leased_until, response_status, response_body) ON payments.idempotency_keys TO payments_worker;
GRANT INSERT ON payments.payment_events, payments.postings, payments.entries, payments.outbox TO payments_worker;
GRANT SELECT (id) ON payments.payment_events, payments.postings TO payments_worker;
GRANT EXECUTE ON FUNCTION payments.may_move, payments.check_balance TO payments_worker;
DO $$
DECLARE
  owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY ['payments', 'payment_events', 'idempotency_keys', 'postings', 'entries', 'outbox'] LOOP
    EXECUTE format('ALTER POLICY own_rows ON payments.%I TO payments_api, payments_worker', owned);
  END LOOP;
END
$$;
