SET LOCAL ROLE payments_owner;

-- Enables or disables an endpoint. Its events wait while it is disabled. Does nothing if it is in this state already.
-- Returns its id, or no row if the merchant has no such endpoint.
CREATE OR REPLACE FUNCTION payments.enable_webhook_endpoint(
    actor text, correlation text, merchant uuid, endpoint uuid, enable boolean
  )
  RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    known payments.webhook_endpoints;
    changed payments.webhook_endpoints;
  BEGIN
    SELECT * INTO known FROM payments.webhook_endpoints e
    WHERE e.id = endpoint AND e.merchant_id = merchant AND e.deleted_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    IF enable = (known.disabled_at IS NOT NULL) THEN
      UPDATE payments.webhook_endpoints e SET
        disabled_at = CASE WHEN NOT enable THEN now() END, disabled_reason = CASE WHEN NOT enable THEN 'requested' END,
        failing_since = NULL, healthy_since = now()
      WHERE e.id = endpoint RETURNING * INTO changed;
      INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id, before, after)
      VALUES (
        actor, correlation, CASE WHEN enable THEN 'webhook-endpoint.enabled' ELSE 'webhook-endpoint.disabled' END,
        merchant, endpoint, to_jsonb(known), to_jsonb(changed)
      );
    END IF;
    RETURN NEXT endpoint;
  END
  $$;

REVOKE ALL ON FUNCTION payments.enable_webhook_endpoint FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.enable_webhook_endpoint TO payments_api;
