SET LOCAL ROLE payments_owner;

-- Lets parked events be delivered again, after the cause was fixed. Returns how many. Operators call it as the
-- administrator. The whole entry is delivered again; consuming is idempotent, so no event is counted twice.
CREATE OR REPLACE FUNCTION payments.unpark_events() RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    WITH unparked AS (DELETE FROM payments.parked_events RETURNING entry_id),
      waiting AS (
        UPDATE payments.outbox SET delivered_at = NULL, attempts = 0, next_attempt_at = now()
        WHERE id IN (SELECT entry_id FROM unparked)
      )
    SELECT count(*) FROM unparked
  $$;

REVOKE ALL ON FUNCTION payments.unpark_events FROM PUBLIC;
