SET LOCAL ROLE payments_owner;

-- Ends an API key of a merchant after some seconds: 0 revokes it, more lets it expire then, never later than it would anyway.
-- Does nothing to a key that has ended. Returns its id, or no row if the merchant has no such key.
CREATE OR REPLACE FUNCTION payments.end_api_key(actor text, correlation text, merchant uuid, key_id uuid, seconds integer)
  RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    known payments.api_keys;
    changed payments.api_keys;
  BEGIN
    SELECT * INTO known FROM payments.api_keys k WHERE k.id = key_id AND k.merchant_id = merchant FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    IF known.revoked_at IS NULL AND (known.expires_at IS NULL OR known.expires_at > now()) THEN
      UPDATE payments.api_keys k SET
        revoked_at = CASE WHEN seconds = 0 THEN now() END,
        expires_at = CASE WHEN seconds = 0 THEN k.expires_at ELSE least(k.expires_at, now() + make_interval(secs => seconds)) END
      WHERE k.id = key_id RETURNING * INTO changed;
      INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id, before, after)
      VALUES (
        actor, correlation, CASE WHEN seconds = 0 THEN 'api-key.revoked' ELSE 'api-key.expiry-set' END,
        merchant, key_id, to_jsonb(known) - 'key_hash', to_jsonb(changed) - 'key_hash'
      );
    END IF;
    RETURN NEXT key_id;
  END
  $$;

REVOKE ALL ON FUNCTION payments.end_api_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.end_api_key TO payments_api;
