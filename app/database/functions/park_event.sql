SET LOCAL ROLE payments_owner;

-- Records that an event can never be consumed, and why. The relay marks the entry as delivered once its other events are.
CREATE OR REPLACE FUNCTION payments.park_event(event uuid, why text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET jit = off
  AS $$
    INSERT INTO payments.parked_events (event_id, entry_id, reason)
    SELECT event, o.id, why FROM payments.outbox o WHERE o.id = event
    UNION ALL
    SELECT event, o.id, why FROM payments.payment_events e JOIN payments.outbox o ON o.payment_id = e.payment_id
    WHERE e.id = event AND o.delivered_at IS NULL AND o.additional_events @> jsonb_build_array(jsonb_build_object('id', event))
    ON CONFLICT DO NOTHING
  $$;

REVOKE ALL ON FUNCTION payments.park_event FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.park_event TO payments_api;
