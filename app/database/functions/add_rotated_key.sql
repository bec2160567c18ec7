SET LOCAL ROLE payments_owner;

-- Adds a key with the merchant and the scopes of a known key. The known key may be revoked: rotation replaces a key that
-- was revoked because it leaked. Does nothing for a key that exists, because Secrets Manager repeats steps. Returns the
-- merchant, or no row when the known key is unknown.
CREATE OR REPLACE FUNCTION payments.add_rotated_key(key_id uuid, known bytea, added bytea) RETURNS SETOF uuid
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

REVOKE ALL ON FUNCTION payments.add_rotated_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.add_rotated_key TO payments_key_rotation;
