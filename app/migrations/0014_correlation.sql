SET LOCAL ROLE payments_owner;

-- The request that caused it, for whoever follows one request through all logs. Whatever the version before still writes has none; its
-- own id stands in, so that no reader has to care.
ALTER TABLE payments.idempotency_keys ADD COLUMN correlation_id text CHECK (length(correlation_id) BETWEEN 8 AND 128);
ALTER TABLE payments.outbox ADD COLUMN correlation_id text CHECK (length(correlation_id) BETWEEN 8 AND 128);
-- Its place in a trace, in the form of the header X-Amzn-Trace-Id; none while tracing is off.
ALTER TABLE payments.outbox ADD COLUMN trace_header text CHECK (length(trace_header) <= 256);

-- A function cannot be given further columns, only be made anew; the columns of before keep their names for the version before.
DROP FUNCTION payments.take_from_outbox(integer, interval);
CREATE FUNCTION payments.take_from_outbox(most integer, lease interval)
  RETURNS TABLE (
    id uuid, merchant_id uuid, payment_id uuid, type text, payload jsonb, created_at timestamptz,
    correlation_id text, trace_header text
  )
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
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
      coalesce(o.correlation_id, o.id::text), o.trace_header
  $$;

DROP FUNCTION payments.stuck_operations(interval, integer);
CREATE FUNCTION payments.stuck_operations(older_than interval, most integer)
  RETURNS TABLE (merchant_id uuid, key text, request_hash bytea, correlation_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT k.merchant_id, k.key, k.request_hash, coalesce(k.correlation_id, k.operation_id::text)
    FROM payments.idempotency_keys k
    WHERE k.recovery_point = 'prepared'
      AND coalesce(k.leased_until, k.created_at)
        < now() - CASE WHEN k.operation ? 'queued' THEN greatest(older_than, interval '15 minutes') ELSE older_than END
    ORDER BY k.created_at LIMIT most
  $$;

REVOKE ALL ON FUNCTION payments.take_from_outbox, payments.stuck_operations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.take_from_outbox, payments.stuck_operations TO payments_api;
