SET LOCAL ROLE payments_owner;

CREATE TABLE payments.postings (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  payment_id uuid NOT NULL REFERENCES payments.payments,
  kind text NOT NULL CHECK (kind IN ('capture', 'refund')),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (id, currency)
);

-- Debits are positive, credits negative, so that a posting is balanced when its entries sum to zero.
CREATE TABLE payments.entries (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  posting_id uuid NOT NULL,
  payment_id uuid NOT NULL REFERENCES payments.payments,
  account text NOT NULL CHECK (account IN ('acquirer_receivable', 'merchant_payable')),
  amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
  currency text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- One currency a posting.
  FOREIGN KEY (posting_id, currency) REFERENCES payments.postings (id, currency)
);
CREATE INDEX entries_newest ON payments.entries (merchant_id, created_at DESC, id DESC);
CREATE INDEX entries_of_posting ON payments.entries (posting_id);
CREATE INDEX entries_of_payment ON payments.entries (payment_id);

CREATE FUNCTION payments.check_balance(posting uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    entry_count bigint;
    total numeric;
  BEGIN
    SELECT count(*), coalesce(sum(amount_minor), 0) INTO entry_count, total FROM payments.entries WHERE posting_id = posting;
    IF entry_count < 2 OR total <> 0 THEN
      RAISE EXCEPTION 'posting % is not balanced: % entries sum to %', posting, entry_count, total USING ERRCODE = 'check_violation';
    END IF;
  END
  $$;
CREATE FUNCTION payments.check_posting() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$ BEGIN PERFORM payments.check_balance(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION payments.check_entry() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$ BEGIN PERFORM payments.check_balance(NEW.posting_id); RETURN NULL; END $$;

-- Deferred: a posting is written before its entries, and is judged when the transaction commits.
CREATE CONSTRAINT TRIGGER posting_is_balanced AFTER INSERT ON payments.postings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments.check_posting();
CREATE CONSTRAINT TRIGGER entry_is_balanced AFTER INSERT ON payments.entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments.check_entry();

CREATE FUNCTION payments.refuse_change() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$ BEGIN RAISE EXCEPTION '% is written once and never changed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON payments.entries EXECUTE FUNCTION payments.refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON payments.postings EXECUTE FUNCTION payments.refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON payments.payment_events EXECUTE FUNCTION payments.refuse_change();
