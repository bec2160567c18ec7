-- The login that looks into a restored copy of this database, and compares it with the original: reads what it counts, and nothing else.
-- No token, no reference, no description, no key, no document's name. Policies that show it every row stand in for BYPASSRLS, which nobody
-- on RDS has to give.
DO $$
BEGIN
  BEGIN
    CREATE ROLE payments_drill LOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO payments_drill;
  END IF;
END
$$;
GRANT SELECT ON public.schema_migrations TO payments_drill;

SET LOCAL ROLE payments_owner;
GRANT USAGE ON SCHEMA payments TO payments_drill;
GRANT SELECT (id) ON payments.merchants TO payments_drill;
GRANT SELECT (id, merchant_id, captured_minor, refunded_minor, currency, created_at) ON payments.payments TO payments_drill;
GRANT SELECT (id, payment_id, occurred_at) ON payments.payment_events TO payments_drill;
GRANT SELECT (id, payment_id, amount_minor, created_at) ON payments.refunds TO payments_drill;
GRANT SELECT (id, payment_id, size_bytes, created_at) ON payments.documents TO payments_drill;
GRANT SELECT ON payments.postings, payments.entries TO payments_drill;

DO $$
DECLARE
  counted text;
BEGIN
  FOREACH counted IN ARRAY ARRAY ['payments', 'payment_events', 'refunds', 'documents', 'postings', 'entries'] LOOP
    EXECUTE format('CREATE POLICY drill_reads_all ON payments.%I FOR SELECT TO payments_drill USING (true)', counted);
  END LOOP;
END
$$;
