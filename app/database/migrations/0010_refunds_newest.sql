SET LOCAL ROLE payments_owner;

-- The list of a merchant's refunds, newest first, and their report.
CREATE INDEX refunds_newest ON payments.refunds (merchant_id, created_at DESC, id DESC);
