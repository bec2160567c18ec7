SET LOCAL ROLE payments_owner;

-- Stores a new API key of a merchant. Returns its id, or no row if the merchant is unknown. The audit entry omits the digest.
CREATE OR REPLACE FUNCTION payments.issue_api_key(
    actor text, correlation text, merchant uuid, key_id uuid, key_name text, hash bytea, granted text[], ends timestamptz
  )
  RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  BEGIN
    PERFORM FROM payments.merchants m WHERE m.id = merchant;
    IF NOT FOUND THEN RETURN; END IF;
    INSERT INTO payments.api_keys (id, merchant_id, name, key_hash, scopes, expires_at)
    VALUES (key_id, merchant, key_name, hash, granted, ends);
    INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id, after)
    SELECT actor, correlation, 'api-key.issued', merchant, k.id, to_jsonb(k) - 'key_hash' FROM payments.api_keys k WHERE k.id = key_id;
    RETURN NEXT key_id;
  END
  $$;

REVOKE ALL ON FUNCTION payments.issue_api_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.issue_api_key TO payments_api;
