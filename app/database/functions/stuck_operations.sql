SET LOCAL ROLE payments_owner;

-- Operations of all merchants that stopped half-way, for the recovery that no request starts.
-- A queued operation belongs to its consumer for a quarter of an hour; after that the recovery takes it.
-- An operation that waits for a customer's authentication is asked about after a minute, and later after an eighth of its
-- age: the acquirer usually sends a notice. It comes after the others, so that many of them cannot delay one.
-- An operation without a correlation id answers with its own id.
CREATE OR REPLACE FUNCTION payments.stuck_operations(older_than interval, most integer)
  RETURNS TABLE (merchant_id uuid, key text, request_hash bytea, correlation_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT k.merchant_id, k.key, k.request_hash, coalesce(k.correlation_id, k.operation_id::text)
    FROM payments.idempotency_keys k
    WHERE k.recovery_point = 'prepared'
      AND coalesce(k.leased_until, k.created_at)
        < now() - CASE
          WHEN k.operation ? 'queued' THEN greatest(older_than, interval '15 minutes')
          WHEN k.operation ? 'actionRequired' THEN greatest(older_than, interval '1 minute', (now() - k.created_at) / 8)
          ELSE older_than
        END
    ORDER BY k.operation ? 'actionRequired', k.created_at LIMIT most
  $$;

REVOKE ALL ON FUNCTION payments.stuck_operations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.stuck_operations TO payments_api;
