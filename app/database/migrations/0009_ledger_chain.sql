SET LOCAL ROLE payments_owner;

-- The transaction that wrote the row. Transactions do not commit in the order of their times, but every row of a transaction
-- below the oldest running one is final, so blocks cover ranges of transactions. Rows that are older than this column have 0.
-- Adding the column rewrites no table, because the first default is a constant.
ALTER TABLE payments.entries ADD COLUMN transaction_id bigint NOT NULL DEFAULT 0;
ALTER TABLE payments.entries ALTER COLUMN transaction_id SET DEFAULT pg_current_xact_id()::text::bigint;
ALTER TABLE payments.audit_entries ADD COLUMN transaction_id bigint NOT NULL DEFAULT 0;
ALTER TABLE payments.audit_entries ALTER COLUMN transaction_id SET DEFAULT pg_current_xact_id()::text::bigint;

-- Entries are stored in the order in which they are written, so a BRIN finds a range of transactions, and an insert does not
-- pay for it. Creating it reads the table once, about a second a gigabyte, while requests wait.
CREATE INDEX entries_of_transactions ON payments.entries USING brin (transaction_id)
  WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX audit_entries_of_transactions ON payments.audit_entries (transaction_id, id);

-- The blocks of a chain that were sealed together have the same range.
CREATE TABLE payments.ledger_blocks (
  chain text NOT NULL CHECK (chain IN ('entries', 'audit_entries')),
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  number bigint NOT NULL CHECK (number >= 1),
  after_transaction bigint NOT NULL,
  after_row uuid NOT NULL,
  until_transaction bigint NOT NULL,
  until_row uuid NOT NULL,
  row_count integer NOT NULL CHECK (row_count >= 1),
  row_digests bytea NOT NULL CHECK (length(row_digests) = 48 * row_count),
  previous_digest bytea CHECK (length(previous_digest) = 32),
  digest bytea NOT NULL CHECK (length(digest) = 32),
  sealed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (chain, merchant_id, number),
  CHECK ((number = 1) = (previous_digest IS NULL))
);
CREATE UNIQUE INDEX ledger_blocks_in_order ON payments.ledger_blocks (chain, until_transaction, until_row, merchant_id);

CREATE TABLE payments.ledger_checks (
  started_at timestamptz PRIMARY KEY DEFAULT now()
);

-- The restore drill compares the last blocks of a copy with those of the live database.
GRANT SELECT (chain, merchant_id, number, digest, sealed_at) ON payments.ledger_blocks TO payments_drill;

COMMENT ON COLUMN payments.entries.transaction_id IS 'The transaction that wrote the entry; 0 if the entry is older than this column';
COMMENT ON COLUMN payments.audit_entries.transaction_id IS 'The transaction that wrote the entry; 0 if the entry is older than this column';
COMMENT ON TABLE payments.ledger_blocks IS
  'The hash chain of each merchant over its ledger entries and audit entries. Only seal_blocks adds a block';
COMMENT ON COLUMN payments.ledger_blocks.after_transaction IS
  'The block covers the rows of its merchant after (after_transaction, after_row) up to (until_transaction, until_row)';
COMMENT ON COLUMN payments.ledger_blocks.row_digests IS
  'For each row its id (16 bytes) and the SHA-256 of its content (32 bytes), ordered by transaction and id';
COMMENT ON COLUMN payments.ledger_blocks.digest IS
  'SHA-256 of a JSON array of the other columns in the order of seal_blocks, followed by row_digests';
COMMENT ON TABLE payments.ledger_checks IS 'When a periodic check of the chains started';
