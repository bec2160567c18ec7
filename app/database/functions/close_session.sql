SET LOCAL ROLE payments_owner;

-- Ends a session, of a key or of a person. Does nothing if it has ended.
CREATE OR REPLACE FUNCTION payments.close_session(token bytea)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DELETE FROM payments.sessions WHERE token_hash = token;
    DELETE FROM payments.person_sessions WHERE token_hash = token;
  $$;

REVOKE ALL ON FUNCTION payments.close_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.close_session TO payments_api;
