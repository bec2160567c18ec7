SET LOCAL ROLE payments_owner;

-- Adds a test event for an endpoint. Returns the id of the delivery, or no row if the merchant has no such endpoint.
CREATE OR REPLACE FUNCTION payments.add_test_delivery(merchant uuid, endpoint uuid, event uuid, correlation text)
  RETURNS SETOF uuid
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    INSERT INTO payments.webhook_deliveries
      (merchant_id, endpoint_id, event_id, event_type, payload, occurred_at, correlation_id)
    SELECT e.merchant_id, e.id, event, 'webhook.test', '{}', now(), correlation
    FROM payments.webhook_endpoints e WHERE e.id = endpoint AND e.merchant_id = merchant AND e.deleted_at IS NULL
    RETURNING id
  $$;

REVOKE ALL ON FUNCTION payments.add_test_delivery FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.add_test_delivery TO payments_api;
