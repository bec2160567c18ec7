SET LOCAL ROLE payments_owner;

CREATE TABLE payments.person_sessions (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  role text NOT NULL CHECK (role IN ('viewer', 'support', 'administrator')),
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  idle_minutes integer NOT NULL CHECK (idle_minutes > 0),
  expires_at timestamptz NOT NULL
);

ALTER TABLE payments.audit_entries
  DROP CONSTRAINT audit_entries_actor_check,
  ADD CONSTRAINT audit_entries_actor_check CHECK (actor ~ '^((operator|key):[0-9a-f-]{36}|person:.{1,255})$');

COMMENT ON TABLE payments.person_sessions IS
  'Browser sessions of persons whom the identity provider has signed in; tokens of the provider are not stored';
COMMENT ON COLUMN payments.person_sessions.subject IS 'Identifies the person at the identity provider and never changes';
COMMENT ON COLUMN payments.person_sessions.last_used_at IS 'Exact to a minute or two';
COMMENT ON COLUMN payments.person_sessions.idle_minutes IS 'How long after its last use the session ends';
COMMENT ON COLUMN payments.audit_entries.actor IS
  'Who acted: operator:ID or key:ID, where ID is that of the key, or person:SUBJECT';
