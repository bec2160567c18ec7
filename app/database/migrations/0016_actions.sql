SET LOCAL ROLE payments_owner;

-- Every existing row satisfies the narrower check that this one replaces, so validation, which reads the whole table, is omitted.
ALTER TABLE payments.payments DROP CONSTRAINT payments_status_check;
ALTER TABLE payments.payments ADD CONSTRAINT payments_status_check CHECK (
  status IN (
    'processing', 'requires_action', 'authorized', 'declined', 'captured', 'voided', 'expired', 'partially_refunded', 'refunded'
  )
) NOT VALID;

-- The column remains after the action, which no longer matters then: clearing it would cost a write of every finished payment.
ALTER TABLE payments.payments ADD COLUMN action_url text;
COMMENT ON COLUMN payments.payments.action_url IS
  'Where the customer authenticates, while the status is requires_action';

CREATE TABLE payments.simulated_challenges (
  id text PRIMARY KEY,
  reference uuid NOT NULL,
  return_url text NOT NULL,
  captures boolean NOT NULL,
  outcome text CHECK (outcome IN ('passed', 'failed', 'canceled')),
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE payments.simulated_challenges IS
  'What the simulated acquirer remembers: which customers authenticated. Other acquirers have no rows here';
ALTER TABLE payments.simulated_challenges ENABLE ROW LEVEL SECURITY;
