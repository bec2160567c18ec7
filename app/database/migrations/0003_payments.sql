SET LOCAL ROLE payments_owner;

-- The checks of currency and payment_token avoid regular expressions: PostgreSQL would compile the expression for each
-- row, which costs more than inserting an index entry.
CREATE TABLE payments.payments (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  status text NOT NULL CHECK (
    status IN ('processing', 'authorized', 'declined', 'captured', 'voided', 'partially_refunded', 'refunded')
  ),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  captured_minor bigint NOT NULL CHECK (captured_minor BETWEEN 0 AND amount_minor),
  refunded_minor bigint NOT NULL CHECK (refunded_minor BETWEEN 0 AND captured_minor),
  currency text NOT NULL CHECK (length(currency) = 3 AND ltrim(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') = ''),
  payment_token text NOT NULL CHECK (
    (starts_with(payment_token, 'tok_') OR starts_with(payment_token, 'pm_')) AND payment_token <> 'tok_'
    AND length(payment_token) BETWEEN 4 AND 64
    AND ltrim(payment_token, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_') = ''
  ),
  reference text CHECK (length(reference) <= 64),
  description text CHECK (length(description) <= 255),
  decline_code text,
  acquirer_id text,
  pending_operation uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- Tables below refer to a payment together with its merchant, so one key checks both.
  CONSTRAINT payments_of_merchant UNIQUE (id, merchant_id)
)
-- An update that finds room on its own page changes no index.
WITH (fillfactor = 50);
CREATE INDEX payments_newest ON payments.payments (merchant_id, created_at DESC, id DESC);
CREATE INDEX payments_by_reference ON payments.payments (merchant_id, reference) WHERE reference IS NOT NULL;

CREATE TABLE payments.payment_events (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  type text NOT NULL,
  amount_minor bigint,
  detail text,
  occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments (id, merchant_id)
);
CREATE INDEX payment_events_timeline ON payments.payment_events (payment_id, occurred_at, id);

CREATE TABLE payments.refunds (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  reason text CHECK (length(reason) <= 255),
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments (id, merchant_id)
);

-- The key's scope is the authenticated merchant, never anything that a request body says.
CREATE TABLE payments.idempotency_keys (
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  operation_id uuid NOT NULL UNIQUE,
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  recovery_point text NOT NULL DEFAULT 'claimed' CHECK (recovery_point IN ('claimed', 'prepared', 'finished')),
  operation jsonb,
  leased_until timestamptz,
  response_status integer,
  response json,
  finished_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  correlation_id text CHECK (length(correlation_id) BETWEEN 8 AND 128),
  PRIMARY KEY (merchant_id, key),
  CHECK (
    (recovery_point = 'finished') = (response_status IS NOT NULL AND response IS NOT NULL AND finished_at IS NOT NULL)
  ),
  CHECK (recovery_point = 'claimed' OR operation IS NOT NULL)
);
CREATE INDEX idempotency_keys_unfinished ON payments.idempotency_keys (leased_until) WHERE recovery_point = 'prepared';

COMMENT ON TABLE payments.payments IS 'Payments, with their current status and amounts';
COMMENT ON COLUMN payments.payments.acquirer_id IS 'The acquirer''s id of the payment';
COMMENT ON COLUMN payments.payments.pending_operation IS
  'The operation between its preparation and its end; no other operation may change the payment meanwhile';
COMMENT ON TABLE payments.payment_events IS 'The timeline of each payment; written once';
COMMENT ON TABLE payments.refunds IS 'Refunds of payments';
COMMENT ON TABLE payments.idempotency_keys IS 'One row for each request that changes something';
COMMENT ON COLUMN payments.idempotency_keys.recovery_point IS
  'claimed: nothing has happened; prepared: the acquirer may have the request; finished: the response is stored';
COMMENT ON COLUMN payments.idempotency_keys.leased_until IS
  'Until then the operation belongs to the process that works on it; after a crash the lease expires';
COMMENT ON COLUMN payments.idempotency_keys.response IS
  'The response without the time at which it was stored; finished_at is that time';
COMMENT ON COLUMN payments.idempotency_keys.correlation_id IS 'The request that began the operation, as logs name it';
