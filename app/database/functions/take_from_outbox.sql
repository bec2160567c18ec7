SET LOCAL ROLE payments_owner;

-- The next entries to deliver, one row for each event, in order: only the oldest waiting entry of each payment.
-- Taking an entry moves its next attempt, which is the lease. The delay doubles up to five minutes.
-- An event without a correlation id answers with its own id.
--
-- The queries admit only one plan, because a connection keeps plans that it made while the tables were empty. A BETWEEN
-- from a value to the same value needs the index in that order, where a comparison could be answered by another index.
CREATE OR REPLACE FUNCTION payments.take_from_outbox(most integer, lease interval)
  RETURNS TABLE (
    id uuid, merchant_id uuid, payment_id uuid, type text, payload jsonb, created_at timestamptz,
    correlation_id text, trace_header text
  )
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET jit = off
  AS $$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY
    WITH taken AS (
      UPDATE payments.outbox o
      SET attempts = o.attempts + 1,
          next_attempt_at = now() + greatest(lease, least(power(2, least(o.attempts, 9)), 300) * interval '1 second')
      WHERE o.id = ANY (ARRAY(
        SELECT waiting.id FROM payments.outbox waiting
        WHERE waiting.delivered_at IS NULL AND waiting.next_attempt_at <= now()
          AND waiting.sequence = (
            SELECT earliest.sequence FROM payments.outbox earliest
            WHERE earliest.payment_id BETWEEN waiting.payment_id AND waiting.payment_id AND earliest.delivered_at IS NULL
            ORDER BY earliest.payment_id, earliest.sequence LIMIT 1
          )
        ORDER BY waiting.sequence LIMIT most FOR UPDATE SKIP LOCKED
      ))
      RETURNING o.*
    )
    SELECT event.id, merchant_id, payment_id, event.type, event.payload, created_at,
      coalesce(correlation_id, event.id::text), trace_header
    FROM taken, LATERAL (
      SELECT 0 AS place, taken.id, taken.type, taken.payload
      UNION ALL
      SELECT place, (told->>'id')::uuid, told->>'type',
        jsonb_build_object('amountMinor', told->'amount_minor', 'currency', taken.payload->'currency', 'detail', told->'detail')
      FROM jsonb_array_elements(taken.additional_events) WITH ORDINALITY AS more (told, place)
    ) AS event
    ORDER BY sequence, place;
  END
  $$;

REVOKE ALL ON FUNCTION payments.take_from_outbox FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.take_from_outbox TO payments_api;
