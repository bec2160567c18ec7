SET LOCAL ROLE payments_owner;

-- Suspends or reactivates a merchant. Does nothing if it is in this state already. Returns its id, or no row if it is unknown.
CREATE OR REPLACE FUNCTION payments.suspend_merchant(actor text, correlation text, merchant uuid, suspend boolean)
  RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    known payments.merchants;
    changed payments.merchants;
  BEGIN
    SELECT * INTO known FROM payments.merchants m WHERE m.id = merchant FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    IF suspend = (known.suspended_at IS NULL) THEN
      UPDATE payments.merchants m SET suspended_at = CASE WHEN suspend THEN now() END WHERE m.id = merchant
      RETURNING * INTO changed;
      INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id, before, after)
      VALUES (
        actor, correlation, CASE WHEN suspend THEN 'merchant.suspended' ELSE 'merchant.reactivated' END,
        merchant, merchant, to_jsonb(known), to_jsonb(changed)
      );
    END IF;
    RETURN NEXT merchant;
  END
  $$;

REVOKE ALL ON FUNCTION payments.suspend_merchant FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.suspend_merchant TO payments_api;
