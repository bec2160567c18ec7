SET LOCAL ROLE payments_owner;

-- Removes what is kept for 30 days: deliveries with their attempts, 30 days after the last one; then endpoints that were
-- deleted. Removes secrets that have expired. Returns the number of deliveries; as long as it is `most`, more are left.
CREATE OR REPLACE FUNCTION payments.prune_webhooks(most integer) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    removed bigint;
  BEGIN
    DELETE FROM payments.webhook_deliveries WHERE id = ANY (ARRAY(
      SELECT d.id FROM payments.webhook_deliveries d WHERE d.changed_at < now() - interval '30 days'
      ORDER BY d.changed_at LIMIT most FOR UPDATE SKIP LOCKED
    ));
    GET DIAGNOSTICS removed = ROW_COUNT;
    DELETE FROM payments.webhook_endpoints e
    WHERE e.deleted_at < now() - interval '30 days'
      AND NOT EXISTS (SELECT FROM payments.webhook_deliveries d WHERE d.endpoint_id = e.id);
    DELETE FROM payments.webhook_secrets WHERE expires_at <= now();
    RETURN removed;
  END
  $$;

REVOKE ALL ON FUNCTION payments.prune_webhooks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.prune_webhooks TO payments_api;
