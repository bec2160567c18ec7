-- Where the API's credential is a password, its rotation alternates between two logins: what running tasks hold stays valid until the
-- rotation after the next. The second login is a member of the first, so it may do just the same, also what later migrations grant, and
-- the policies of the first hold for it. It cannot log in until a rotation gives it a password.
DO $$
BEGIN
  BEGIN
    CREATE ROLE payments_api_alternate NOLOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END;
  IF NOT pg_has_role('payments_api_alternate', 'payments_api', 'USAGE') THEN
    GRANT payments_api TO payments_api_alternate WITH INHERIT TRUE, SET FALSE;
  END IF;
END
$$;
