SET LOCAL ROLE payments_owner;

-- Revokes a key, and with it the sessions that it opened. Does nothing for a key that is unknown or revoked.
CREATE OR REPLACE FUNCTION payments.revoke_rotated_key(revoked bytea) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE payments.api_keys SET revoked_at = now() WHERE key_hash = revoked AND revoked_at IS NULL $$;

REVOKE ALL ON FUNCTION payments.revoke_rotated_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.revoke_rotated_key TO payments_key_rotation;
