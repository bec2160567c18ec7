SET LOCAL ROLE payments_owner;

-- The moves that a payment's status may make. payment-status.ts has the same table; a test compares the two.
-- The body is parsed when the function is created, so PostgreSQL inlines it into the expression of the caller instead of
-- calling it for each row. Whoever updates payments needs the right to execute it, because the trigger check_move runs as
-- that login.
CREATE OR REPLACE FUNCTION payments.may_move(from_status text, to_status text) RETURNS boolean
  LANGUAGE sql IMMUTABLE
  RETURN (from_status, to_status) IN (
    ('processing', 'requires_action'), ('processing', 'authorized'), ('processing', 'captured'), ('processing', 'declined'),
    ('requires_action', 'authorized'), ('requires_action', 'captured'), ('requires_action', 'declined'),
    ('requires_action', 'expired'),
    ('authorized', 'captured'), ('authorized', 'voided'), ('authorized', 'expired'),
    ('captured', 'partially_refunded'), ('captured', 'refunded'),
    ('partially_refunded', 'partially_refunded'), ('partially_refunded', 'refunded')
  );

REVOKE ALL ON FUNCTION payments.may_move FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.may_move TO payments_api;
