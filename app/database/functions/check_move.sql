SET LOCAL ROLE payments_owner;

-- Refuses a change of a payment's status that is not in the table of moves, and records the time of every change.
CREATE OR REPLACE FUNCTION payments.check_move() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
  BEGIN
    IF NEW.status <> OLD.status AND NOT payments.may_move(OLD.status, NEW.status) THEN
      RAISE EXCEPTION 'payment % may not move from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
  END
  $$;

REVOKE ALL ON FUNCTION payments.check_move FROM PUBLIC;

CREATE OR REPLACE TRIGGER check_move BEFORE UPDATE ON payments.payments
  FOR EACH ROW EXECUTE FUNCTION payments.check_move();
