SET LOCAL ROLE payments_owner;

-- Replaces what a merchant chooses of an endpoint. Returns its id, or no row if the merchant has no such endpoint.
-- A new address starts without the failures of the old one.
CREATE OR REPLACE FUNCTION payments.change_webhook_endpoint(
    actor text, correlation text, merchant uuid, endpoint uuid, new_url text, new_types text[], new_description text
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
    UPDATE payments.webhook_endpoints e SET
      url = new_url, event_types = new_types, description = new_description,
      failing_since = CASE WHEN e.url = new_url THEN e.failing_since END
    WHERE e.id = endpoint RETURNING * INTO changed;
    INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id, before, after)
    VALUES (actor, correlation, 'webhook-endpoint.changed', merchant, endpoint, to_jsonb(known), to_jsonb(changed));
    RETURN NEXT endpoint;
  END
  $$;

REVOKE ALL ON FUNCTION payments.change_webhook_endpoint FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.change_webhook_endpoint TO payments_api;
