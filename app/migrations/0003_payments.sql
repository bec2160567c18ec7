SET LOCAL ROLE payments_owner;

CREATE TABLE payments.payments (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  status text NOT NULL DEFAULT 'processing' CHECK (
    status IN ('processing', 'authorized', 'declined', 'captured', 'voided', 'partially_refunded', 'refunded')
  ),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  captured_minor bigint NOT NULL DEFAULT 0 CHECK (captured_minor BETWEEN 0 AND amount_minor),
  refunded_minor bigint NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND captured_minor),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  payment_token text NOT NULL CHECK (payment_token ~ '^tok_[a-z0-9_]{1,60}$'),
  reference text CHECK (length(reference) <= 64),
  description text CHECK (length(description) <= 255),
  decline_code text,
  -- What the acquirer calls it.
  acquirer_id text,
  -- The operation that is between its preparation and its end; nothing else may happen to the payment meanwhile.
  pending_operation uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX payments_newest ON payments.payments (merchant_id, created_at DESC, id DESC);
CREATE INDEX payments_by_reference ON payments.payments (merchant_id, reference) WHERE reference IS NOT NULL;

-- The same table of moves as in payment-status.ts; a test compares the two.
CREATE FUNCTION payments.may_move(from_status text, to_status text) RETURNS boolean
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT (from_status, to_status) IN (
      ('processing', 'authorized'), ('processing', 'captured'), ('processing', 'declined'),
      ('authorized', 'captured'), ('authorized', 'voided'),
      ('captured', 'partially_refunded'), ('captured', 'refunded'),
      ('partially_refunded', 'partially_refunded'), ('partially_refunded', 'refunded')
    )
  $$;

CREATE FUNCTION payments.check_move() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
  BEGIN
    IF NEW.status <> OLD.status AND NOT payments.may_move(OLD.status, NEW.status) THEN
      RAISE EXCEPTION 'payment % may not move from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
  END
  $$;
CREATE TRIGGER check_move BEFORE UPDATE ON payments.payments FOR EACH ROW EXECUTE FUNCTION payments.check_move();

CREATE TABLE payments.payment_events (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  payment_id uuid NOT NULL REFERENCES payments.payments,
  type text NOT NULL,
  amount_minor bigint,
  detail text,
  occurred_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX payment_events_timeline ON payments.payment_events (payment_id, occurred_at, id);

CREATE TABLE payments.refunds (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  payment_id uuid NOT NULL REFERENCES payments.payments,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  reason text CHECK (length(reason) <= 255),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- One row per request that changes something. Its scope is the authenticated merchant, never anything a body says.
CREATE TABLE payments.idempotency_keys (
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  operation_id uuid NOT NULL UNIQUE,
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  -- claimed: nothing happened yet; prepared: the acquirer may have been asked; finished: the answer is stored.
  recovery_point text NOT NULL DEFAULT 'claimed' CHECK (recovery_point IN ('claimed', 'prepared', 'finished')),
  operation jsonb,
  -- Whoever works on it holds it until then; a crash frees it by time.
  leased_until timestamptz,
  response_status integer,
  response_body text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, key),
  CHECK ((recovery_point = 'finished') = (response_status IS NOT NULL AND response_body IS NOT NULL)),
  CHECK (recovery_point = 'claimed' OR operation IS NOT NULL)
);
CREATE INDEX idempotency_keys_unfinished ON payments.idempotency_keys (leased_until) WHERE recovery_point = 'prepared';

-- Operations of any merchant that stopped half-way, for the recovery that no request asked for.
CREATE FUNCTION payments.stuck_operations(older_than interval, most integer)
  RETURNS TABLE (merchant_id uuid, key text, request_hash bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT k.merchant_id, k.key, k.request_hash FROM payments.idempotency_keys k
    WHERE k.recovery_point = 'prepared' AND coalesce(k.leased_until, k.created_at) < now() - older_than
    ORDER BY k.created_at LIMIT most
  $$;
