SET LOCAL ROLE payments_owner;

-- The merchants of API keys and session tokens, each found by its digest, for requests that arrive together. A session
-- belongs to a key, whose scopes it has, or to a person, whose scopes follow from the role.
-- Credentials are looked up before the merchant is known, so this function is the only way to read their tables.
-- A suspended merchant is not found.
-- The settings leave one plan, by index: a connection keeps its plans, also those that it made while the tables were empty.
CREATE OR REPLACE FUNCTION payments.merchants_of(key_hashes bytea[], token_hashes bytea[])
  RETURNS TABLE (
    digest bytea, of_session boolean, merchant_id uuid, merchant_name text, scopes text[], api_key_id uuid, expires_at timestamptz,
    api_key_name text, person_subject text, person_name text, person_role text
  )
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
  AS $$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY
    SELECT k.key_hash, false, m.id, m.name, k.scopes, k.id, k.expires_at, k.name, NULL::text, NULL::text, NULL::text
    FROM payments.api_keys k JOIN payments.merchants m ON m.id = k.merchant_id
    WHERE k.key_hash = ANY (key_hashes) AND m.suspended_at IS NULL AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
    UNION ALL
    SELECT s.token_hash, true, m.id, m.name, k.scopes, k.id, s.expires_at, k.name, NULL, NULL, NULL
    FROM payments.sessions s
    JOIN payments.api_keys k ON k.id = s.api_key_id
    JOIN payments.merchants m ON m.id = k.merchant_id
    WHERE s.token_hash = ANY (token_hashes) AND s.expires_at > now() AND m.suspended_at IS NULL
      AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
    UNION ALL
    SELECT p.token_hash, true, m.id, m.name, ARRAY[]::text[], NULL, p.expires_at, NULL, p.subject, p.name, p.role
    FROM payments.person_sessions p JOIN payments.merchants m ON m.id = p.merchant_id
    WHERE p.token_hash = ANY (token_hashes) AND p.expires_at > now() AND m.suspended_at IS NULL
      AND p.last_used_at > now() - make_interval(mins => p.idle_minutes);
  END
  $$;

REVOKE ALL ON FUNCTION payments.merchants_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.merchants_of TO payments_api;
