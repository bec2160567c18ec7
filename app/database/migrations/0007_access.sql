SET LOCAL ROLE payments_owner;

-- What each login may do with tables. The rights to execute functions are in the files of the functions.
-- No login may alter the schema. Entries, postings and events can only be added.
GRANT USAGE ON SCHEMA payments TO payments_api, payments_worker, payments_drill, payments_key_rotation;

-- The API. Functions write the outbox and read credentials for it.
GRANT SELECT, INSERT, UPDATE ON payments.payments, payments.idempotency_keys TO payments_api;
GRANT SELECT, INSERT ON payments.payment_events, payments.refunds, payments.postings, payments.entries TO payments_api;
GRANT SELECT, INSERT, UPDATE (stored_at) ON payments.documents TO payments_api;
GRANT SELECT ON payments.daily_totals TO payments_api;

-- The queue consumer ends payments through a function; it needs to update only how long it holds an operation.
GRANT SELECT ON payments.payments, payments.idempotency_keys TO payments_worker;
GRANT UPDATE (leased_until) ON payments.idempotency_keys TO payments_worker;

-- The restore drill reads what it counts: no token, no reference, no description, no key, no name of a document.
GRANT SELECT (id) ON payments.merchants TO payments_drill;
GRANT SELECT (id, merchant_id, captured_minor, refunded_minor, currency, created_at) ON payments.payments
  TO payments_drill;
GRANT SELECT (id, payment_id, occurred_at) ON payments.payment_events TO payments_drill;
GRANT SELECT (id, payment_id, amount_minor, created_at) ON payments.refunds TO payments_drill;
GRANT SELECT (id, payment_id, size_bytes, created_at) ON payments.documents TO payments_drill;
GRANT SELECT ON payments.postings, payments.entries TO payments_drill;

-- The second line of defence: a query that forgets its WHERE still sees the rows of one merchant only.
ALTER TABLE payments.client_certificates ENABLE ROW LEVEL SECURITY;
DO $$
DECLARE
  owned text;
  logins text;
BEGIN
  FOR owned, logins IN
    VALUES ('payments', 'payments_api, payments_worker'), ('payment_events', 'payments_api, payments_worker'),
      ('idempotency_keys', 'payments_api, payments_worker'), ('postings', 'payments_api, payments_worker'),
      ('entries', 'payments_api, payments_worker'), ('outbox', 'payments_api, payments_worker'),
      ('refunds', 'payments_api'), ('documents', 'payments_api'), ('daily_totals', 'payments_api')
  LOOP
    EXECUTE format('ALTER TABLE payments.%I ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format(
      'CREATE POLICY own_rows ON payments.%I TO %s
         USING (merchant_id = nullif(current_setting(''app.merchant_id'', true), '''')::uuid)',
      owned, logins
    );
  END LOOP;
  -- The restore drill counts the rows of all merchants. BYPASSRLS would do, too, but nobody on RDS can grant it.
  FOREACH owned IN ARRAY ARRAY ['payments', 'payment_events', 'refunds', 'documents', 'postings', 'entries'] LOOP
    EXECUTE format('CREATE POLICY drill_reads_all ON payments.%I FOR SELECT TO payments_drill USING (true)', owned);
  END LOOP;
END
$$;
