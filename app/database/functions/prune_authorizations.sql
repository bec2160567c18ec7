SET LOCAL ROLE payments_owner;

-- Removes authorizations that are older than their lifetime and whose payment has a later status. Returns their number; as
-- long as it is `most`, more may be left.
CREATE OR REPLACE FUNCTION payments.prune_authorizations(lifetime interval, most integer) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    removed bigint;
  BEGIN
    DELETE FROM payments.authorizations WHERE payment_id = ANY (ARRAY(
      SELECT a.payment_id FROM payments.authorizations a JOIN payments.payments p ON p.id = a.payment_id
      WHERE a.authorized_at < now() - lifetime AND p.status <> 'authorized'
      ORDER BY a.authorized_at LIMIT most FOR UPDATE OF a SKIP LOCKED
    ));
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
  END
  $$;

REVOKE ALL ON FUNCTION payments.prune_authorizations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.prune_authorizations TO payments_api;
