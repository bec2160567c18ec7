SET LOCAL ROLE payments_owner;

-- Reasons are the acquirer's, so they are rows. As columns of the daily totals they would have to be known.
CREATE TABLE payments.daily_declines (
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  day date NOT NULL,
  currency text NOT NULL,
  decline_code text NOT NULL,
  declined_count bigint NOT NULL,
  PRIMARY KEY (merchant_id, day, currency, decline_code)
);

COMMENT ON TABLE payments.daily_declines IS
  'Declined payments of each day in UTC by reason, as the consumer counts them; their sum is declined_count of the daily totals';

GRANT SELECT ON payments.daily_declines TO payments_api;
ALTER TABLE payments.daily_declines ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON payments.daily_declines TO payments_api
  USING (merchant_id = nullif(current_setting('app.merchant_id', true), '')::uuid);
