SET LOCAL ROLE payments_owner;

-- Only functions write entries. The statement that writes an entry also writes its payment or the payment's timeline,
-- which has a foreign key, and no payment is ever deleted; so the outbox needs no foreign key of its own.
CREATE TABLE payments.outbox (
  id uuid PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  merchant_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  type text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz,
  correlation_id text CHECK (length(correlation_id) BETWEEN 8 AND 128),
  trace_header text CHECK (length(trace_header) <= 256),
  additional_events jsonb
)
WITH (
  -- Each entry is updated twice. An update that finds room on its own page changes no index.
  fillfactor = 50,
  -- Until a vacuum removes them, the index of waiting entries keeps those that were delivered, and every search passes
  -- over them. So the table is vacuumed after a number of changes instead of a fifth of all rows ever delivered, always
  -- with its indexes, which a vacuum would skip where few of the table's pages have changed.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 50000,
  vacuum_index_cleanup = on
);
CREATE INDEX outbox_waiting ON payments.outbox (sequence) WHERE delivered_at IS NULL;
CREATE INDEX outbox_of_payment ON payments.outbox (payment_id, sequence) WHERE delivered_at IS NULL;

CREATE TABLE payments.parked_events (
  event_id uuid PRIMARY KEY,
  reason text NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now(),
  entry_id uuid NOT NULL REFERENCES payments.outbox
);

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

COMMENT ON TABLE payments.outbox IS
  'Events to deliver, at least once and in order for each payment; the events of one change are one entry';
COMMENT ON COLUMN payments.outbox.id IS 'The id of the entry and of its first event';
COMMENT ON COLUMN payments.outbox.additional_events IS
  'The additional events of the same change, in order, as the writer gave them; null when there is one event';
COMMENT ON COLUMN payments.outbox.correlation_id IS 'The request that caused the event, as logs name it';
COMMENT ON COLUMN payments.outbox.trace_header IS
  'The place in a trace, in the form of the header X-Amzn-Trace-Id; null while tracing is off';
COMMENT ON TABLE payments.parked_events IS
  'Events that can never be consumed, and why, where no queue keeps dead letters; later events are delivered';
COMMENT ON TABLE payments.event_receipts IS 'Events that were consumed';
COMMENT ON TABLE payments.daily_totals IS
  'What the consumer computes from events: one row for each merchant, day (UTC) and currency';
