SET LOCAL ROLE payments_owner;

-- Events are written with the change that they tell of, and delivered afterwards, at least once and in order for each payment.
CREATE TABLE payments.outbox (
  id uuid PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  payment_id uuid NOT NULL REFERENCES payments.payments,
  type text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz
);
CREATE INDEX outbox_waiting ON payments.outbox (sequence) WHERE delivered_at IS NULL;
CREATE INDEX outbox_of_payment ON payments.outbox (payment_id, sequence) WHERE delivered_at IS NULL;

-- The next events to deliver: only the oldest waiting one of each payment. Taking one moves its next attempt, which is the lease.
CREATE FUNCTION payments.take_from_outbox(most integer, lease interval)
  RETURNS TABLE (id uuid, merchant_id uuid, payment_id uuid, type text, payload jsonb, created_at timestamptz)
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    WITH next AS (
      SELECT o.id FROM payments.outbox o
      WHERE o.delivered_at IS NULL AND o.next_attempt_at <= now()
        AND NOT EXISTS (
          SELECT FROM payments.outbox earlier
          WHERE earlier.payment_id = o.payment_id AND earlier.delivered_at IS NULL AND earlier.sequence < o.sequence
        )
      ORDER BY o.sequence LIMIT most FOR UPDATE SKIP LOCKED
    )
    UPDATE payments.outbox o
    SET attempts = o.attempts + 1,
        next_attempt_at = now() + greatest(lease, least(power(2, least(o.attempts, 9)), 300) * interval '1 second')
    FROM next WHERE o.id = next.id
    RETURNING o.id, o.merchant_id, o.payment_id, o.type, o.payload, o.created_at
  $$;

CREATE FUNCTION payments.mark_delivered(delivered uuid[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE payments.outbox SET delivered_at = now() WHERE id = ANY (delivered) AND delivered_at IS NULL $$;

CREATE FUNCTION payments.outbox_lag_seconds() RETURNS double precision
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0) FROM payments.outbox WHERE delivered_at IS NULL $$;

-- What the consumer has seen, and what it makes of it: one row per merchant, day and currency.
CREATE TABLE payments.event_receipts (
  event_id uuid PRIMARY KEY,
  consumed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE payments.daily_totals (
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  day date NOT NULL,
  currency text NOT NULL,
  approved_count bigint NOT NULL DEFAULT 0,
  declined_count bigint NOT NULL DEFAULT 0,
  captured_minor bigint NOT NULL DEFAULT 0,
  refunded_minor bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (merchant_id, day, currency)
);

-- Consumes one event exactly once, however often it is delivered. Returns whether it was new.
CREATE FUNCTION payments.consume_event(
  event uuid, merchant uuid, on_day date, in_currency text, event_type text, amount bigint
) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  BEGIN
    INSERT INTO payments.event_receipts (event_id) VALUES (event) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO payments.daily_totals AS t (merchant_id, day, currency, approved_count, declined_count, captured_minor, refunded_minor)
    VALUES (
      merchant, on_day, in_currency,
      (event_type = 'payment.authorized')::int, (event_type = 'payment.declined')::int,
      CASE WHEN event_type = 'payment.captured' THEN amount ELSE 0 END,
      CASE WHEN event_type = 'refund.succeeded' THEN amount ELSE 0 END
    )
    ON CONFLICT (merchant_id, day, currency) DO UPDATE SET
      approved_count = t.approved_count + EXCLUDED.approved_count,
      declined_count = t.declined_count + EXCLUDED.declined_count,
      captured_minor = t.captured_minor + EXCLUDED.captured_minor,
      refunded_minor = t.refunded_minor + EXCLUDED.refunded_minor;
    RETURN true;
  END
  $$;
