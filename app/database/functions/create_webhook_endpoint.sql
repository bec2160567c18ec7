SET LOCAL ROLE payments_owner;

-- Creates an endpoint with its first signing secret. Returns its id, or no row if the merchant has 16 already.
CREATE OR REPLACE FUNCTION payments.create_webhook_endpoint(
    actor text, correlation text, merchant uuid, endpoint uuid, new_url text, new_types text[], new_description text,
    secret_id uuid, sealed_secret bytea
  )
  RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  BEGIN
    -- Two requests at the same time must not both create the last one.
    PERFORM FROM payments.merchants m WHERE m.id = merchant FOR NO KEY UPDATE;
    IF (SELECT count(*) FROM payments.webhook_endpoints e WHERE e.merchant_id = merchant AND e.deleted_at IS NULL) >= 16 THEN RETURN; END IF;
    INSERT INTO payments.webhook_endpoints (id, merchant_id, url, event_types, description)
    VALUES (endpoint, merchant, new_url, new_types, new_description);
    INSERT INTO payments.webhook_secrets (id, endpoint_id, sealed) VALUES (secret_id, endpoint, sealed_secret);
    INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id, after)
    SELECT actor, correlation, 'webhook-endpoint.created', merchant, e.id, to_jsonb(e)
    FROM payments.webhook_endpoints e WHERE e.id = endpoint;
    RETURN NEXT endpoint;
  END
  $$;

REVOKE ALL ON FUNCTION payments.create_webhook_endpoint FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.create_webhook_endpoint TO payments_api;
