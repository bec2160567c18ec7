SET LOCAL ROLE payments_owner;

-- Lets deliveries of an endpoint be sent again, with another three days: one of them, or those of a period and a status.
-- One that is being sent stays as it is. Returns how many; null, and none is sent, if more than 10,000 match.
CREATE OR REPLACE FUNCTION payments.resend_webhook_deliveries(
    merchant uuid, endpoint uuid, only_id uuid, from_time timestamptz, to_time timestamptz, only_status text
  )
  RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    chosen uuid[];
  BEGIN
    PERFORM FROM payments.webhook_endpoints e
    WHERE e.id = endpoint AND e.merchant_id = merchant AND e.deleted_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN 0; END IF;
    chosen := ARRAY(
      SELECT d.id FROM payments.webhook_deliveries d
      WHERE d.endpoint_id = endpoint AND d.merchant_id = merchant
        AND (only_id IS NULL OR d.id = only_id)
        AND (from_time IS NULL OR d.created_at >= from_time) AND (to_time IS NULL OR d.created_at < to_time)
        AND (only_status IS NULL OR d.status = only_status)
        AND (d.leased_until IS NULL OR d.leased_until <= now())
      LIMIT 10001
    );
    IF cardinality(chosen) > 10000 THEN RETURN NULL; END IF;
    UPDATE payments.webhook_deliveries d SET
      status = 'pending', ended_at = NULL, leased_until = NULL, retry_until = NULL, failures = 0, next_attempt_at = now(),
      changed_at = now()
    WHERE d.id = ANY (chosen);
    RETURN cardinality(chosen);
  END
  $$;

REVOKE ALL ON FUNCTION payments.resend_webhook_deliveries FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.resend_webhook_deliveries TO payments_api;
