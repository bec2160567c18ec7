-- All objects belong to payments_owner, which cannot log in: no process can alter what it only uses.
--   payments_api            the API
--   payments_api_alternate  the API's second login
--   payments_worker         the queue consumer
--   payments_drill          the check of a restored copy of this database
--   payments_key_rotation   the rotation of API keys
-- Roles belong to the whole server: another database may have created them, and two migrations may run at the same time.
DO $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN
    SELECT * FROM (
      VALUES ('payments_owner', 'NOLOGIN'), ('payments_api', 'LOGIN'), ('payments_api_alternate', 'NOLOGIN'),
        ('payments_worker', 'LOGIN'), ('payments_drill', 'LOGIN'), ('payments_key_rotation', 'LOGIN')
    ) AS roles (name, login)
  LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.login);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
  -- On RDS a login with this role authenticates with IAM tokens, and no longer with a password.
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    EXECUTE 'GRANT rds_iam TO payments_api, payments_worker, payments_drill, payments_key_rotation';
  END IF;
  -- Where the API's credential is a password, its rotation alternates between two logins: the password of running tasks
  -- stays valid until the rotation after the next. The second login inherits every right of the first, also those of later
  -- migrations, and the policies of the first apply to it. It cannot log in until a rotation sets its password.
  IF NOT pg_has_role('payments_api_alternate', 'payments_api', 'USAGE') THEN
    GRANT payments_api TO payments_api_alternate WITH INHERIT TRUE, SET FALSE;
  END IF;
  EXECUTE format('GRANT payments_owner TO %I', current_user);
  EXECUTE format('GRANT CREATE ON DATABASE %I TO payments_owner', current_database());
END
$$;

CREATE SCHEMA payments AUTHORIZATION payments_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- The API waits for the schema of its release, and a restored copy is compared with the original.
GRANT SELECT ON public.schema_migrations TO payments_api, payments_worker, payments_drill;
