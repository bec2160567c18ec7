SET LOCAL ROLE payments_owner;

-- Measured every few seconds, however long the backlog is: the oldest entry by the index, instead of the earliest time of all entries.
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
