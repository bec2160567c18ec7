SET LOCAL ROLE payments_owner;

-- Opens a session for a person, and forgets ended sessions. Returns when it ends at the latest; null when the merchant is
-- unknown or suspended.
CREATE OR REPLACE FUNCTION payments.open_person_session(
    token bytea, merchant uuid, person_subject text, person_name text, person_role text, idle integer, minutes integer
  ) RETURNS timestamptz
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DELETE FROM payments.person_sessions
    WHERE expires_at < now() OR last_used_at < now() - make_interval(mins => idle_minutes) - interval '1 hour';
    INSERT INTO payments.person_sessions (token_hash, merchant_id, subject, name, role, idle_minutes, expires_at)
    SELECT token, m.id, person_subject, person_name, person_role, idle, now() + make_interval(mins => minutes)
    FROM payments.merchants m WHERE m.id = merchant AND m.suspended_at IS NULL
    RETURNING expires_at;
  $$;

REVOKE ALL ON FUNCTION payments.open_person_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.open_person_session TO payments_api;
