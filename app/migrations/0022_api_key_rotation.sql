-- The login that rotates an API key: it adds the next key of a merchant and revokes the one before the current one. It reads no table.
DO $$
BEGIN
  BEGIN
    CREATE ROLE payments_key_rotation LOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO payments_key_rotation;
  END IF;
END
$$;

SET LOCAL ROLE payments_owner;
GRANT USAGE ON SCHEMA payments TO payments_key_rotation;

-- Adds a key with the merchant and the scopes of a known one, which may be revoked: rotating a secret replaces a key that was revoked
-- because it leaked. Does nothing for a key that exists, because Secrets Manager repeats steps. Returns the merchant; no row: unknown key.
CREATE FUNCTION payments.add_rotated_key(key_id uuid, known bytea, added bytea) RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  BEGIN
    INSERT INTO payments.api_keys (id, merchant_id, key_hash, scopes)
    SELECT key_id, k.merchant_id, added, k.scopes FROM payments.api_keys k WHERE k.key_hash = known
    ON CONFLICT (key_hash) DO NOTHING;
    RETURN QUERY
    SELECT a.merchant_id FROM payments.api_keys a JOIN payments.api_keys k USING (merchant_id)
    WHERE a.key_hash = added AND k.key_hash = known;
  END
  $$;

-- Revokes a key, and with it the sessions that it opened. Does nothing for one that is unknown or revoked already.
CREATE FUNCTION payments.revoke_rotated_key(revoked bytea) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE payments.api_keys SET revoked_at = now() WHERE key_hash = revoked AND revoked_at IS NULL $$;

REVOKE ALL ON FUNCTION payments.add_rotated_key, payments.revoke_rotated_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.add_rotated_key, payments.revoke_rotated_key, payments.merchants_of TO payments_key_rotation;
