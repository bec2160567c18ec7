SET LOCAL ROLE payments_owner;

-- The merchant of an operation that is not finished, for notices of the acquirer, which name the operation alone.
CREATE OR REPLACE FUNCTION payments.merchant_of_operation(wanted uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT k.merchant_id FROM payments.idempotency_keys k WHERE k.operation_id = wanted AND k.recovery_point = 'prepared'
  $$;

REVOKE ALL ON FUNCTION payments.merchant_of_operation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.merchant_of_operation TO payments_api;
