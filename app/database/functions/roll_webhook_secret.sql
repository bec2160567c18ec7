SET LOCAL ROLE payments_owner;

-- Adds a signing secret to an endpoint. The current one signs beside it for some seconds; older ones end now.
-- Returns the endpoint's id, or no row if the merchant has no such endpoint.
CREATE OR REPLACE FUNCTION payments.roll_webhook_secret(
    actor text, correlation text, merchant uuid, endpoint uuid, secret_id uuid, sealed_secret bytea, seconds integer
  )
  RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    ends timestamptz := now() + make_interval(secs => seconds);
  BEGIN
    PERFORM FROM payments.webhook_endpoints e
    WHERE e.id = endpoint AND e.merchant_id = merchant AND e.deleted_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    DELETE FROM payments.webhook_secrets s WHERE s.endpoint_id = endpoint AND s.expires_at IS NOT NULL;
    UPDATE payments.webhook_secrets s SET expires_at = ends WHERE s.endpoint_id = endpoint;
    INSERT INTO payments.webhook_secrets (id, endpoint_id, sealed) VALUES (secret_id, endpoint, sealed_secret);
    INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id, after)
    VALUES (
      actor, correlation, 'webhook-secret.rolled', merchant, endpoint,
      jsonb_build_object('secret_id', secret_id, 'old_secret_expires_at', ends)
    );
    RETURN NEXT endpoint;
  END
  $$;

REVOKE ALL ON FUNCTION payments.roll_webhook_secret FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.roll_webhook_secret TO payments_api;
