SET LOCAL ROLE payments_owner;

-- Stores that sessions of persons were used since the last call, all of them before they ended.
CREATE OR REPLACE FUNCTION payments.record_session_uses(token_hashes bytea[])
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE payments.person_sessions SET last_used_at = now() WHERE token_hash = ANY (token_hashes) $$;

REVOKE ALL ON FUNCTION payments.record_session_uses FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.record_session_uses TO payments_api;
