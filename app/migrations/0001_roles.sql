-- Roles belong to the whole server, so another database may have made them already; two migrations at once may both try.
DO $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN SELECT * FROM (VALUES ('payments_owner', 'NOLOGIN'), ('payments_api', 'LOGIN'), ('payments_worker', 'LOGIN')) AS roles (name, login) LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.login);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
  -- On RDS a login that has this role authenticates with IAM tokens and no longer with a password.
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    EXECUTE 'GRANT rds_iam TO payments_api, payments_worker';
  END IF;
  EXECUTE format('GRANT payments_owner TO %I', current_user);
END
$$;

-- All objects belong to a role that cannot log in: no process can alter what it only uses.
DO $$
BEGIN
  EXECUTE format('GRANT CREATE ON DATABASE %I TO payments_owner', current_database());
END
$$;
CREATE SCHEMA payments AUTHORIZATION payments_owner;
GRANT USAGE ON SCHEMA payments TO payments_api, payments_worker;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
