SET LOCAL ROLE payments_owner;

-- Whether the caller is to check the chains now: true for one caller in each period.
CREATE OR REPLACE FUNCTION payments.claim_ledger_check(period interval) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('payments.ledger_checks')) THEN
      RETURN false;
    END IF;
    INSERT INTO payments.ledger_checks (started_at)
    SELECT now() WHERE NOT EXISTS (SELECT FROM payments.ledger_checks WHERE started_at > now() - period);
    RETURN FOUND;
  END
  $$;

REVOKE ALL ON FUNCTION payments.claim_ledger_check FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.claim_ledger_check TO payments_api;
