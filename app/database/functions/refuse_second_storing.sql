SET LOCAL ROLE payments_owner;

-- A document is evidence: after its content has arrived in the store, its row never changes again.
CREATE OR REPLACE FUNCTION payments.refuse_second_storing() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
  BEGIN
    IF OLD.stored_at IS NOT NULL THEN
      RAISE EXCEPTION 'document % was stored at %', OLD.id, OLD.stored_at USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END
  $$;

REVOKE ALL ON FUNCTION payments.refuse_second_storing FROM PUBLIC;

CREATE OR REPLACE TRIGGER stored_once BEFORE UPDATE ON payments.documents
  FOR EACH ROW EXECUTE FUNCTION payments.refuse_second_storing();
