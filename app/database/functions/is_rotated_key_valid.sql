SET LOCAL ROLE payments_owner;

-- Whether a key is stored, and neither revoked nor expired. The key of a suspended merchant counts as valid: a rotation must not
-- fail because of a suspension, which may last longer than the key should.
CREATE OR REPLACE FUNCTION payments.is_rotated_key_valid(added bytea) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT EXISTS (
      SELECT FROM payments.api_keys
      WHERE key_hash = added AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
    )
  $$;

REVOKE ALL ON FUNCTION payments.is_rotated_key_valid FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.is_rotated_key_valid TO payments_key_rotation;
