SET LOCAL ROLE payments_owner;

-- Marks an entry as delivered after all of its events were delivered. An entry that is delivered twice keeps the first
-- time. The settings leave one plan, by the primary key.
CREATE OR REPLACE FUNCTION payments.mark_delivered(delivered uuid[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
  AS $$
  BEGIN
    UPDATE payments.outbox SET delivered_at = coalesce(delivered_at, now())
    WHERE id = ANY (delivered) AND NOT EXISTS (
      SELECT FROM jsonb_array_elements(additional_events) AS event WHERE (event->>'id')::uuid NOT IN (SELECT unnest(delivered))
    );
  END
  $$;

REVOKE ALL ON FUNCTION payments.mark_delivered FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.mark_delivered TO payments_api;
