SET LOCAL ROLE payments_owner;

-- How long the longest due delivery has waited for an attempt, in seconds; 0 when none waits. Endpoints that fail are left
-- out: their deliveries wait because of the merchant, not because of the platform.
CREATE OR REPLACE FUNCTION payments.webhook_lag_seconds() RETURNS double precision
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_sort = off SET jit = off
  AS $$
    SELECT coalesce(max(extract(epoch FROM now() - greatest(e.healthy_since, first.next_attempt_at))), 0)
    FROM payments.webhook_endpoints e CROSS JOIN LATERAL (
      SELECT d.next_attempt_at FROM payments.webhook_deliveries d
      WHERE d.endpoint_id = e.id AND d.status = 'pending' ORDER BY d.next_attempt_at LIMIT 1
    ) AS first
    WHERE e.disabled_at IS NULL AND e.deleted_at IS NULL AND e.failing_since IS NULL AND first.next_attempt_at <= now()
  $$;

REVOKE ALL ON FUNCTION payments.webhook_lag_seconds FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.webhook_lag_seconds TO payments_api;
