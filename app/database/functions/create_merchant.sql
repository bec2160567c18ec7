SET LOCAL ROLE payments_owner;

-- Creates a merchant. Returns its id, or no row if another merchant has the name.
CREATE OR REPLACE FUNCTION payments.create_merchant(actor text, correlation text, merchant uuid, merchant_name text)
  RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  BEGIN
    INSERT INTO payments.merchants (id, name) VALUES (merchant, merchant_name) ON CONFLICT (name) DO NOTHING;
    IF NOT FOUND THEN RETURN; END IF;
    INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id, after)
    SELECT actor, correlation, 'merchant.created', m.id, m.id, to_jsonb(m) FROM payments.merchants m WHERE m.id = merchant;
    RETURN NEXT merchant;
  END
  $$;

REVOKE ALL ON FUNCTION payments.create_merchant FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.create_merchant TO payments_api;
