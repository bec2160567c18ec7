SET LOCAL ROLE payments_owner;

CREATE TABLE payments.webhook_endpoints (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2048),
  event_types text[] NOT NULL CHECK (cardinality(event_types) > 0),
  description text CHECK (length(description) BETWEEN 1 AND 255),
  created_at timestamptz NOT NULL DEFAULT now(),
  healthy_since timestamptz NOT NULL DEFAULT now(),
  failing_since timestamptz,
  disabled_at timestamptz,
  disabled_reason text CHECK (disabled_reason IN ('requested', 'failing', 'gone')),
  deleted_at timestamptz,
  CONSTRAINT webhook_endpoints_of_merchant UNIQUE (id, merchant_id),
  CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
);
CREATE INDEX webhook_endpoints_newest ON payments.webhook_endpoints (merchant_id, created_at DESC, id DESC)
  WHERE deleted_at IS NULL;

CREATE TABLE payments.webhook_secrets (
  id uuid PRIMARY KEY,
  endpoint_id uuid NOT NULL REFERENCES payments.webhook_endpoints ON DELETE CASCADE,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz
);
CREATE INDEX webhook_secrets_of_endpoint ON payments.webhook_secrets (endpoint_id, created_at DESC, id DESC);

-- The sequence orders the deliveries of a payment to an endpoint: events of a payment are consumed one after another.
CREATE TABLE payments.webhook_deliveries (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  merchant_id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  event_id uuid NOT NULL,
  event_type text NOT NULL,
  payment_id uuid,
  payload jsonb NOT NULL,
  occurred_at timestamptz NOT NULL,
  correlation_id text NOT NULL CHECK (length(correlation_id) BETWEEN 8 AND 128),
  created_at timestamptz NOT NULL DEFAULT now(),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'parked')),
  attempts integer NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  leased_until timestamptz,
  retry_until timestamptz,
  ended_at timestamptz,
  changed_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (endpoint_id, merchant_id) REFERENCES payments.webhook_endpoints (id, merchant_id),
  CONSTRAINT webhook_deliveries_once_for_each_event UNIQUE (endpoint_id, event_id),
  CONSTRAINT webhook_deliveries_of_merchant UNIQUE (id, merchant_id),
  CHECK ((status = 'pending') = (ended_at IS NULL)),
  CHECK (leased_until IS NULL OR status = 'pending')
);
CREATE INDEX webhook_deliveries_newest ON payments.webhook_deliveries (merchant_id, endpoint_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_due ON payments.webhook_deliveries (endpoint_id, next_attempt_at, sequence)
  WHERE status = 'pending';
CREATE INDEX webhook_deliveries_of_payment ON payments.webhook_deliveries (endpoint_id, payment_id, sequence)
  WHERE status = 'pending';
CREATE INDEX webhook_deliveries_leased ON payments.webhook_deliveries (endpoint_id) WHERE leased_until IS NOT NULL;
CREATE INDEX webhook_deliveries_by_change ON payments.webhook_deliveries (changed_at);

CREATE TABLE payments.webhook_attempts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  merchant_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  duration_ms integer NOT NULL CHECK (duration_ms >= 0),
  status_code integer,
  error text,
  response_start text CHECK (length(response_start) <= 1024),
  FOREIGN KEY (delivery_id, merchant_id) REFERENCES payments.webhook_deliveries (id, merchant_id) ON DELETE CASCADE
);
CREATE INDEX webhook_attempts_newest ON payments.webhook_attempts (merchant_id, delivery_id, created_at DESC, id DESC);
CREATE INDEX webhook_attempts_of_delivery ON payments.webhook_attempts (delivery_id);

COMMENT ON TABLE payments.webhook_endpoints IS 'Where merchants receive events';
COMMENT ON COLUMN payments.webhook_endpoints.healthy_since IS
  'When it was created, enabled or last recovered; an event is not late because it waited before';
COMMENT ON COLUMN payments.webhook_endpoints.failing_since IS 'The first failed attempt after the last successful one';
COMMENT ON COLUMN payments.webhook_endpoints.disabled_reason IS
  'requested: by the merchant; failing: every attempt failed for days; gone: the endpoint answered 410';
COMMENT ON TABLE payments.webhook_secrets IS
  'Signing secrets, sealed with a key that the database does not have; two while one is rolled';
COMMENT ON TABLE payments.webhook_deliveries IS 'Events to send to an endpoint, at least once and in order for each payment';
COMMENT ON COLUMN payments.webhook_deliveries.payment_id IS 'Null for a test event, which waits for no other';
COMMENT ON COLUMN payments.webhook_deliveries.attempts IS
  'How often it was claimed. A process whose lease has expired no longer knows the current number';
COMMENT ON COLUMN payments.webhook_deliveries.failures IS 'Failed attempts since it was created or last resent';
COMMENT ON COLUMN payments.webhook_deliveries.leased_until IS
  'Until then a process is sending it; after a crash the lease expires';
COMMENT ON COLUMN payments.webhook_deliveries.retry_until IS 'When a failed delivery is parked; set by its first attempt';
COMMENT ON TABLE payments.webhook_attempts IS 'Every attempt to deliver, with the beginning of the response';
COMMENT ON COLUMN payments.audit_entries.target_id IS
  'The merchant, the API key or the webhook endpoint that the act changed';

-- Functions write these tables. Nobody reads the secrets except the function that claims deliveries.
GRANT SELECT ON payments.webhook_endpoints, payments.webhook_deliveries, payments.webhook_attempts TO payments_api;
ALTER TABLE payments.webhook_secrets ENABLE ROW LEVEL SECURITY;
DO $$
DECLARE
  owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY ['webhook_endpoints', 'webhook_deliveries', 'webhook_attempts'] LOOP
    EXECUTE format('ALTER TABLE payments.%I ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format(
      'CREATE POLICY own_rows ON payments.%I TO payments_api
         USING (merchant_id = nullif(current_setting(''app.merchant_id'', true), '''')::uuid)',
      owned
    );
  END LOOP;
END
$$;
