SET LOCAL ROLE payments_owner;

-- What was registered of each document of a payment. Its content lies in the document store, under the ids of this row.
CREATE TABLE payments.documents (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  payment_id uuid NOT NULL REFERENCES payments.payments,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
  content_type text NOT NULL,
  size_bytes bigint NOT NULL CHECK (size_bytes > 0),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- When the store had the content; unknown until somebody asks it.
  stored_at timestamptz
);
CREATE INDEX documents_newest ON payments.documents (payment_id, created_at DESC, id DESC);

-- A document is evidence: nobody changes or removes what was registered, and it is found in the store once.
CREATE FUNCTION payments.refuse_second_storing() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
  BEGIN
    IF OLD.stored_at IS NOT NULL THEN
      RAISE EXCEPTION 'document % was stored at %', OLD.id, OLD.stored_at USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END
  $$;
CREATE TRIGGER stored_once BEFORE UPDATE ON payments.documents
  FOR EACH ROW EXECUTE FUNCTION payments.refuse_second_storing();
CREATE TRIGGER immutable BEFORE DELETE OR TRUNCATE ON payments.documents EXECUTE FUNCTION payments.refuse_change();

REVOKE ALL ON FUNCTION payments.refuse_second_storing FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE (stored_at) ON payments.documents TO payments_api;
ALTER TABLE payments.documents ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON payments.documents TO payments_api
  USING (merchant_id = nullif(current_setting('app.merchant_id', true), '')::uuid);
