SET LOCAL ROLE payments_owner;

-- The age of the oldest waiting entry in seconds; 0 when none waits. It is measured every few seconds, however long the
-- backlog is, so it reads one entry by the index instead of the earliest time of all entries.
CREATE OR REPLACE FUNCTION payments.outbox_lag_seconds() RETURNS double precision
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_sort = off SET jit = off
  AS $$
    SELECT coalesce(
      (
        SELECT extract(epoch FROM now() - created_at) FROM payments.outbox
        WHERE delivered_at IS NULL ORDER BY sequence LIMIT 1
      ),
      0
    )
  $$;

REVOKE ALL ON FUNCTION payments.outbox_lag_seconds FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.outbox_lag_seconds TO payments_api;
