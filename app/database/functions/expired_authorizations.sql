SET LOCAL ROLE payments_owner;

-- Payments of all merchants whose authorization is older than its lifetime, oldest first. One with an operation in progress is
-- left to that operation.
CREATE OR REPLACE FUNCTION payments.expired_authorizations(lifetime interval, most integer)
  RETURNS TABLE (merchant_id uuid, payment_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT a.merchant_id, a.payment_id
    FROM payments.authorizations a JOIN payments.payments p ON p.id = a.payment_id
    WHERE a.authorized_at < now() - lifetime AND p.status = 'authorized' AND p.pending_operation IS NULL
    ORDER BY a.authorized_at LIMIT most
  $$;

REVOKE ALL ON FUNCTION payments.expired_authorizations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.expired_authorizations TO payments_api;
