SET LOCAL ROLE payments_owner;

-- Binds a merchant to the subject of a client certificate, or to none with NULL: then its next request binds it.
-- Returns its id, or no row if it is unknown.
CREATE OR REPLACE FUNCTION payments.set_client_certificate(actor text, correlation text, merchant uuid, new_subject text)
  RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    known jsonb;
    changed jsonb;
  BEGIN
    PERFORM FROM payments.merchants m WHERE m.id = merchant FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT to_jsonb(c) INTO known FROM payments.client_certificates c WHERE c.merchant_id = merchant;
    IF new_subject IS NULL THEN
      DELETE FROM payments.client_certificates c WHERE c.merchant_id = merchant;
    ELSE
      INSERT INTO payments.client_certificates AS c (merchant_id, subject) VALUES (merchant, new_subject)
      ON CONFLICT (merchant_id) DO UPDATE SET subject = new_subject, bound_at = now()
      RETURNING to_jsonb(c) INTO changed;
    END IF;
    INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id, before, after)
    VALUES (
      actor, correlation, CASE WHEN new_subject IS NULL THEN 'client-certificate.unbound' ELSE 'client-certificate.bound' END,
      merchant, merchant, known, changed
    );
    RETURN NEXT merchant;
  END
  $$;

REVOKE ALL ON FUNCTION payments.set_client_certificate FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.set_client_certificate TO payments_api;
