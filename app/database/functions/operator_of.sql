SET LOCAL ROLE payments_owner;

-- The id of an operator's key, found by its digest; no row if it is unknown or revoked.
CREATE OR REPLACE FUNCTION payments.operator_of(hash bytea) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT id FROM payments.operator_keys WHERE key_hash = hash AND revoked_at IS NULL $$;

REVOKE ALL ON FUNCTION payments.operator_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.operator_of TO payments_api;
