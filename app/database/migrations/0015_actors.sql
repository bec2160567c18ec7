SET LOCAL ROLE payments_owner;

ALTER TABLE payments.payment_events ADD COLUMN actor jsonb;

COMMENT ON COLUMN payments.payment_events.actor IS
  'Who asked for a capture, void or refund: kind (key or person), id and name; null for other events';
