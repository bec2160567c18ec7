SET LOCAL ROLE payments_owner;

-- As before, without regular expressions: an engine for them is built anew for each row that is written, and costs more than the insertion of
-- an index entry.
ALTER TABLE payments.payments
  DROP CONSTRAINT payments_currency_check,
  ADD CONSTRAINT payments_currency_check
    CHECK (length(currency) = 3 AND ltrim(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') = ''),
  DROP CONSTRAINT payments_payment_token_check,
  ADD CONSTRAINT payments_payment_token_check CHECK (
    starts_with(payment_token, 'tok_') AND length(payment_token) BETWEEN 5 AND 64
    AND ltrim(payment_token, 'abcdefghijklmnopqrstuvwxyz0123456789_') = ''
  );
ALTER TABLE payments.postings
  DROP CONSTRAINT postings_currency_check,
  ADD CONSTRAINT postings_currency_check
    CHECK (length(currency) = 3 AND ltrim(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') = '');
