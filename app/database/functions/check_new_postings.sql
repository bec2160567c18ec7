SET LOCAL ROLE payments_owner;

-- Refuses a posting without entries. One statement writes a posting and its entries.
-- It runs as the owner, because the row-level policy of a merchant must not hide an entry from the check.
-- Sequential scans are off, because a plan made while the table was empty would otherwise read all of it later. JIT is
-- off, because the planner takes a plan with a disabled scan for an expensive one and would compile it each time.
CREATE OR REPLACE FUNCTION payments.check_new_postings() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET jit = off
  AS $$
  DECLARE
    empty uuid;
  BEGIN
    SELECT p.id INTO empty FROM added p
    WHERE NOT EXISTS (SELECT FROM payments.entries e WHERE e.posting_id = p.id OFFSET 0) LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'posting % is not balanced: it has no entries', empty USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
  END
  $$;

REVOKE ALL ON FUNCTION payments.check_new_postings FROM PUBLIC;

CREATE OR REPLACE TRIGGER postings_have_entries AFTER INSERT ON payments.postings
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments.check_new_postings();
