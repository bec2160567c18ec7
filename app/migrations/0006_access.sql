SET LOCAL ROLE payments_owner;

-- What each login may do. None may alter the schema; entries, postings and events can only be added.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA payments FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON payments.payments, payments.idempotency_keys TO payments_api;
GRANT SELECT, INSERT ON payments.payment_events, payments.refunds, payments.postings, payments.entries TO payments_api;
GRANT INSERT ON payments.outbox TO payments_api;
GRANT SELECT ON payments.daily_totals TO payments_api;
GRANT EXECUTE ON FUNCTION payments.may_move, payments.check_balance, payments.stuck_operations, payments.take_from_outbox,
  payments.mark_delivered, payments.outbox_lag_seconds TO payments_api;
GRANT EXECUTE ON FUNCTION payments.consume_event TO payments_api, payments_worker;

-- Second line of defence: even a query that forgets its WHERE sees the rows of one merchant only.
DO $$
DECLARE
  owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY [
    'payments', 'payment_events', 'refunds', 'idempotency_keys', 'postings', 'entries', 'outbox', 'daily_totals'
  ] LOOP
    EXECUTE format('ALTER TABLE payments.%I ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format(
      'CREATE POLICY own_rows ON payments.%I TO payments_api
         USING (merchant_id = nullif(current_setting(''app.merchant_id'', true), '''')::uuid)',
      owned
    );
  END LOOP;
END
$$;
