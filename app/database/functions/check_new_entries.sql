SET LOCAL ROLE payments_owner;

-- Refuses a statement whose entries do not balance. One statement writes all entries of a posting, and every statement
-- must add entries that sum to zero, so entries of earlier statements need not be read again.
CREATE OR REPLACE FUNCTION payments.check_new_entries() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
  DECLARE
    wrong record;
  BEGIN
    SELECT posting_id, count(*) AS entries, sum(amount_minor) AS total INTO wrong
    FROM added GROUP BY posting_id HAVING count(*) < 2 OR sum(amount_minor) <> 0 LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'posting % is not balanced: % new entries sum to %', wrong.posting_id, wrong.entries, wrong.total
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
  END
  $$;

REVOKE ALL ON FUNCTION payments.check_new_entries FROM PUBLIC;

CREATE OR REPLACE TRIGGER entries_are_balanced AFTER INSERT ON payments.entries
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments.check_new_entries();
