SET LOCAL ROLE payments_owner;

-- Deletes an endpoint and its secrets. Its deliveries are no longer sent, and are removed with their attempts after 30 days.
-- Returns its id, or no row if the merchant has no such endpoint.
CREATE OR REPLACE FUNCTION payments.delete_webhook_endpoint(actor text, correlation text, merchant uuid, endpoint uuid)
  RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    known payments.webhook_endpoints;
  BEGIN
    SELECT * INTO known FROM payments.webhook_endpoints e
    WHERE e.id = endpoint AND e.merchant_id = merchant AND e.deleted_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    UPDATE payments.webhook_endpoints e SET deleted_at = now() WHERE e.id = endpoint;
    DELETE FROM payments.webhook_secrets s WHERE s.endpoint_id = endpoint;
    INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id, before)
    VALUES (actor, correlation, 'webhook-endpoint.deleted', merchant, endpoint, to_jsonb(known));
    RETURN NEXT endpoint;
  END
  $$;

REVOKE ALL ON FUNCTION payments.delete_webhook_endpoint FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.delete_webhook_endpoint TO payments_api;
