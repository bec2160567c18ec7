SET LOCAL ROLE payments_owner;

ALTER TABLE payments.merchants ADD COLUMN suspended_at timestamptz;

ALTER TABLE payments.api_keys
  ADD COLUMN name text NOT NULL DEFAULT 'API key' CHECK (length(name) BETWEEN 1 AND 100),
  ADD COLUMN last_used_at timestamptz;
CREATE INDEX api_keys_newest_first ON payments.api_keys (merchant_id, created_at DESC, id DESC);

CREATE TABLE payments.operator_keys (
  id uuid PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  key_hash bytea NOT NULL UNIQUE CHECK (length(key_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

-- The time is that of the entry, not that of the transaction, so that the entries of one transaction stay in their order.
CREATE TABLE payments.audit_entries (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL CHECK (actor ~ '^(operator|key):[0-9a-f-]{36}$'),
  action text NOT NULL,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  target_id uuid NOT NULL,
  before jsonb,
  after jsonb,
  correlation_id text NOT NULL
);
CREATE INDEX audit_entries_newest_first ON payments.audit_entries (created_at DESC, id DESC);
CREATE INDEX audit_entries_of_merchant ON payments.audit_entries (merchant_id, created_at DESC, id DESC);

COMMENT ON TABLE payments.operator_keys IS 'Digests of the keys with which operators administer merchants';
COMMENT ON TABLE payments.audit_entries IS 'Every administrative act. Only the functions that perform an act add its entry';
COMMENT ON COLUMN payments.merchants.suspended_at IS 'Since when the API refuses the keys and sessions of the merchant';
COMMENT ON COLUMN payments.api_keys.last_used_at IS 'Exact to a minute or two';
COMMENT ON COLUMN payments.audit_entries.actor IS 'Who acted: operator:ID or key:ID, where ID is that of the key';
COMMENT ON COLUMN payments.audit_entries.target_id IS 'The merchant or the API key that the act changed';
