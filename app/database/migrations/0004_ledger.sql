SET LOCAL ROLE payments_owner;

-- The check of currency avoids regular expressions, as in payments.payments.
CREATE TABLE payments.postings (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('capture', 'refund')),
  currency text NOT NULL CHECK (length(currency) = 3 AND ltrim(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') = ''),
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments (id, merchant_id),
  CONSTRAINT postings_as_entries_name_them UNIQUE (id, payment_id, merchant_id, currency)
);

CREATE TABLE payments.entries (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL,
  posting_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  account text NOT NULL CHECK (account IN ('acquirer_receivable', 'merchant_payable')),
  amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
  currency text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- An entry has the payment, the merchant and the currency of its posting.
  FOREIGN KEY (posting_id, payment_id, merchant_id, currency)
    REFERENCES payments.postings (id, payment_id, merchant_id, currency)
);
CREATE INDEX entries_newest ON payments.entries (merchant_id, created_at DESC, id DESC);
CREATE INDEX entries_of_posting ON payments.entries (posting_id);
CREATE INDEX entries_of_payment ON payments.entries (payment_id);

COMMENT ON TABLE payments.postings IS 'What the ledger books: one posting for each capture and refund; written once';
COMMENT ON TABLE payments.entries IS 'The entries of postings; the entries of a posting sum to zero; written once';
COMMENT ON COLUMN payments.entries.amount_minor IS 'A debit is positive, a credit is negative';
