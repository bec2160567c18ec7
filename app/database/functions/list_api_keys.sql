SET LOCAL ROLE payments_owner;

-- API keys of a merchant, newest first, after a position: one of them, or all. Digests stay in the table.
CREATE OR REPLACE FUNCTION payments.list_api_keys(
    merchant uuid, only_id uuid, after_time timestamptz, after_id uuid, rows integer
  )
  RETURNS TABLE (
    id uuid, name text, scopes text[], created_at timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz
  )
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT k.id, k.name, k.scopes, k.created_at, k.expires_at, k.revoked_at, k.last_used_at
    FROM payments.api_keys k
    WHERE k.merchant_id = merchant AND (only_id IS NULL OR k.id = only_id)
      AND (after_id IS NULL OR (k.created_at, k.id) < (after_time, after_id))
    ORDER BY k.created_at DESC, k.id DESC LIMIT rows
  $$;

REVOKE ALL ON FUNCTION payments.list_api_keys FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.list_api_keys TO payments_api;
