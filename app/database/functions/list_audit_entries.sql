SET LOCAL ROLE payments_owner;

-- Audit entries, newest first, after a position: those of one merchant, or all.
CREATE OR REPLACE FUNCTION payments.list_audit_entries(
    of_merchant uuid, after_time timestamptz, after_id uuid, rows integer
  )
  RETURNS SETOF payments.audit_entries
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT a.* FROM payments.audit_entries a
    WHERE (of_merchant IS NULL OR a.merchant_id = of_merchant)
      AND (after_id IS NULL OR (a.created_at, a.id) < (after_time, after_id))
    ORDER BY a.created_at DESC, a.id DESC LIMIT rows
  $$;

REVOKE ALL ON FUNCTION payments.list_audit_entries FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.list_audit_entries TO payments_api;
