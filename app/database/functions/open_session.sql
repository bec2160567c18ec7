SET LOCAL ROLE payments_owner;

-- Opens a session for an API key, and forgets expired sessions.
CREATE OR REPLACE FUNCTION payments.open_session(token bytea, key_id uuid, ends timestamptz)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DELETE FROM payments.sessions WHERE expires_at < now();
    INSERT INTO payments.sessions (token_hash, api_key_id, expires_at) VALUES (token, key_id, ends);
  $$;

REVOKE ALL ON FUNCTION payments.open_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.open_session TO payments_api;
