SET LOCAL ROLE payments_owner;

-- Claims due deliveries for a process, which has until the end of the lease to record the attempt of each. Of each payment
-- and endpoint, only the oldest pending delivery can be claimed, so events arrive in order.
--
-- An endpoint has at most 16 attempts at the same time, and one that fails a single one, so a slow endpoint keeps few
-- connections busy. Every endpoint gets its first delivery before any gets its second.
--
-- The endpoints are locked before their deliveries are read: two processes never claim from the same one, and the second
-- statement sees what the process before has claimed. The settings leave one plan, by index.
CREATE OR REPLACE FUNCTION payments.claim_webhook_deliveries(most integer, lease interval)
  RETURNS TABLE (
    id uuid, attempt integer, failures integer, endpoint_id uuid, url text, sealed_secrets bytea[], event_id uuid, event_type text,
    payment_id uuid, payload jsonb, occurred_at timestamptz, correlation_id text
  )
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET enable_sort = off SET jit = off
  AS $$
  #variable_conflict use_column
  DECLARE
    locked uuid[];
  BEGIN
    locked := ARRAY(
      SELECT e.id FROM payments.webhook_endpoints e
      WHERE e.disabled_at IS NULL AND e.deleted_at IS NULL AND EXISTS (
        SELECT FROM payments.webhook_deliveries d
        WHERE d.endpoint_id = e.id AND d.status = 'pending' AND d.next_attempt_at <= now()
        ORDER BY d.next_attempt_at LIMIT 1
      )
      ORDER BY random() LIMIT most FOR NO KEY UPDATE OF e SKIP LOCKED
    );
    IF locked = '{}' THEN RETURN; END IF;
    RETURN QUERY
    WITH due AS MATERIALIZED (
      SELECT next.id, e.url FROM payments.webhook_endpoints e CROSS JOIN LATERAL (
        SELECT d.id, row_number() OVER (ORDER BY d.next_attempt_at, d.sequence) AS place
        FROM payments.webhook_deliveries d
        WHERE d.endpoint_id = e.id AND d.status = 'pending' AND d.next_attempt_at <= now() AND NOT EXISTS (
          SELECT FROM payments.webhook_deliveries earlier
          WHERE earlier.endpoint_id = e.id AND earlier.payment_id = d.payment_id AND earlier.sequence < d.sequence
            AND earlier.status = 'pending'
          ORDER BY earlier.sequence LIMIT 1
        )
        ORDER BY d.next_attempt_at, d.sequence
        LIMIT greatest(0, CASE WHEN e.failing_since IS NULL THEN 16 ELSE 1 END - (
          SELECT count(*) FROM payments.webhook_deliveries sent WHERE sent.endpoint_id = e.id AND sent.leased_until > now()
        ))
      ) AS next
      WHERE e.id = ANY (locked) ORDER BY next.place LIMIT most
    )
    UPDATE payments.webhook_deliveries d SET
      attempts = d.attempts + 1, leased_until = now() + lease, next_attempt_at = now() + lease,
      retry_until = coalesce(d.retry_until, now() + interval '3 days'), changed_at = now()
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.attempts, d.failures, d.endpoint_id, due.url,
      ARRAY(
        SELECT s.sealed FROM payments.webhook_secrets s
        WHERE s.endpoint_id = d.endpoint_id AND (s.expires_at IS NULL OR s.expires_at > now())
        ORDER BY s.created_at DESC, s.id DESC
      ),
      d.event_id, d.event_type, d.payment_id, d.payload, d.occurred_at, d.correlation_id;
  END
  $$;

REVOKE ALL ON FUNCTION payments.claim_webhook_deliveries FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.claim_webhook_deliveries TO payments_api;
