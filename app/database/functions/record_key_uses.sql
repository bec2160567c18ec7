SET LOCAL ROLE payments_owner;

-- Records that API keys were used since the last call.
CREATE OR REPLACE FUNCTION payments.record_key_uses(used uuid[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE payments.api_keys SET last_used_at = now() WHERE id = ANY (used) $$;

REVOKE ALL ON FUNCTION payments.record_key_uses FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.record_key_uses TO payments_api;
