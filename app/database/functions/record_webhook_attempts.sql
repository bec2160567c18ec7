SET LOCAL ROLE payments_owner;

-- Records attempts to deliver, and what follows from each: delivered; pending until the next attempt; or parked, when that
-- would be after three days. Returns the deliveries. An attempt whose delivery was claimed again meanwhile, because the lease
-- had expired, is ignored.
--
-- After a failure, the later deliveries of the payment wait as long as the failed one: claiming need not pass over them.
-- An endpoint whose attempts have failed for five days, or that answers 410, is disabled.
--
-- Endpoints are locked in the order of their ids, each before its deliveries, so two calls never deadlock.
CREATE OR REPLACE FUNCTION payments.record_webhook_attempts(made jsonb)
  RETURNS TABLE (id uuid, status text, disabled_reason text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
  AS $$
  #variable_conflict use_column
  DECLARE
    told record;
    delivery payments.webhook_deliveries;
  BEGIN
    FOR told IN
      SELECT * FROM jsonb_to_recordset(made) AS m (
        id uuid, attempt integer, endpoint_id uuid, started_at timestamptz, duration_ms integer, delivered boolean,
        status_code integer, error text, response_start text, retry_seconds double precision
      ) ORDER BY m.endpoint_id, m.id
    LOOP
      PERFORM FROM payments.webhook_endpoints e WHERE e.id = told.endpoint_id FOR NO KEY UPDATE;
      UPDATE payments.webhook_deliveries d SET
        status = CASE
          WHEN told.delivered THEN 'delivered'
          WHEN now() + make_interval(secs => told.retry_seconds) > d.retry_until THEN 'parked'
          ELSE 'pending'
        END,
        ended_at = CASE
          WHEN told.delivered OR now() + make_interval(secs => told.retry_seconds) > d.retry_until THEN now()
        END,
        failures = d.failures + CASE WHEN told.delivered THEN 0 ELSE 1 END,
        leased_until = NULL, next_attempt_at = now() + make_interval(secs => told.retry_seconds), changed_at = now()
      WHERE d.id = told.id AND d.attempts = told.attempt AND d.leased_until IS NOT NULL
      RETURNING * INTO delivery;
      CONTINUE WHEN NOT FOUND;
      INSERT INTO payments.webhook_attempts
        (merchant_id, delivery_id, created_at, duration_ms, status_code, error, response_start)
      VALUES (
        delivery.merchant_id, delivery.id, told.started_at, told.duration_ms, told.status_code, told.error, told.response_start
      );
      id := delivery.id;
      status := delivery.status;
      disabled_reason := NULL;
      IF told.delivered THEN
        UPDATE payments.webhook_endpoints e SET failing_since = NULL, healthy_since = now()
        WHERE e.id = told.endpoint_id AND e.failing_since IS NOT NULL;
      ELSE
        UPDATE payments.webhook_deliveries d SET next_attempt_at = delivery.next_attempt_at
        WHERE delivery.status = 'pending' AND d.endpoint_id = told.endpoint_id AND d.payment_id = delivery.payment_id
          AND d.sequence > delivery.sequence AND d.status = 'pending';
        UPDATE payments.webhook_endpoints e SET failing_since = coalesce(e.failing_since, told.started_at)
        WHERE e.id = told.endpoint_id AND e.failing_since IS NULL;
        UPDATE payments.webhook_endpoints e SET
          disabled_at = now(), disabled_reason = CASE WHEN told.status_code = 410 THEN 'gone' ELSE 'failing' END
        WHERE e.id = told.endpoint_id AND e.disabled_at IS NULL
          AND (told.status_code = 410 OR e.failing_since < now() - interval '5 days')
        RETURNING e.disabled_reason INTO disabled_reason;
      END IF;
      RETURN NEXT;
    END LOOP;
  END
  $$;

REVOKE ALL ON FUNCTION payments.record_webhook_attempts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.record_webhook_attempts TO payments_api;
