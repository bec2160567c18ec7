SET LOCAL ROLE payments_owner;

-- Each event is written once and changed twice: taken, and marked as delivered. The first of the changes touches no index where there is
-- room for it on the event's own page.
ALTER TABLE payments.outbox SET (fillfactor = 50);
