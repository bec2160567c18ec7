SET LOCAL ROLE payments_owner;

CREATE TABLE payments.documents (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  payment_id uuid NOT NULL REFERENCES payments.payments,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
  content_type text NOT NULL,
  size_bytes bigint NOT NULL CHECK (size_bytes > 0),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  stored_at timestamptz
);
CREATE INDEX documents_newest ON payments.documents (payment_id, created_at DESC, id DESC);

COMMENT ON TABLE payments.documents IS
  'Registered documents of payments; the document store keeps the content under the ids of the row';
COMMENT ON COLUMN payments.documents.stored_at IS
  'When the store received the content; null until the API has asked the store';
