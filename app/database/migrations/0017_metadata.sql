SET LOCAL ROLE payments_owner;

-- Every existing row has the default, so validation, which reads the whole table, is omitted.
ALTER TABLE payments.payments ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}';
ALTER TABLE payments.payments ADD CONSTRAINT payments_metadata_check CHECK (
  metadata = '{}' OR (
    jsonb_typeof(metadata) = 'object'
    AND jsonb_array_length(jsonb_path_query_array(metadata, 'strict $.keyvalue()', silent => true)) <= 20
    AND NOT jsonb_path_exists(metadata, '$.* ? (@.type() != "string")')
  )
) NOT VALID;
COMMENT ON COLUMN payments.payments.metadata IS 'Up to 20 pairs of strings of the merchant; written once';

-- The pairs again, one a row, to find payments by them. A GIN index of the column cannot do that: under row-level security,
-- PostgreSQL uses an index only with operators that cannot leak, which those of jsonb are not. It could not return the newest
-- payments first either, without reading all that match.
CREATE TABLE payments.payment_metadata (
  payment_id uuid NOT NULL,
  merchant_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  value text NOT NULL CHECK (length(value) BETWEEN 1 AND 255),
  payment_created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (payment_id, name),
  FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments (id, merchant_id)
);
CREATE INDEX payment_metadata_newest
  ON payments.payment_metadata (merchant_id, name, value, payment_created_at DESC, payment_id DESC);
COMMENT ON TABLE payments.payment_metadata IS 'The pairs of payments.metadata, to find payments by them';

GRANT SELECT ON payments.payment_metadata TO payments_api;
ALTER TABLE payments.payment_metadata ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON payments.payment_metadata TO payments_api
  USING (merchant_id = nullif(current_setting('app.merchant_id', true), '')::uuid);
