SET LOCAL ROLE payments_owner;

-- Keeps what is written once as it was written: the ledger, the timeline, the registered documents, the
-- audit entries and the blocks of their chains.
-- The update of a document is checked by refuse_second_storing.
CREATE OR REPLACE FUNCTION payments.refuse_change() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$ BEGIN RAISE EXCEPTION '% is written once and never changed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;

REVOKE ALL ON FUNCTION payments.refuse_change FROM PUBLIC;

CREATE OR REPLACE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON payments.payment_events
  EXECUTE FUNCTION payments.refuse_change();
CREATE OR REPLACE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON payments.postings
  EXECUTE FUNCTION payments.refuse_change();
CREATE OR REPLACE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON payments.entries
  EXECUTE FUNCTION payments.refuse_change();
CREATE OR REPLACE TRIGGER immutable BEFORE DELETE OR TRUNCATE ON payments.documents
  EXECUTE FUNCTION payments.refuse_change();
CREATE OR REPLACE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON payments.audit_entries
  EXECUTE FUNCTION payments.refuse_change();
CREATE OR REPLACE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON payments.ledger_blocks
  EXECUTE FUNCTION payments.refuse_change();
