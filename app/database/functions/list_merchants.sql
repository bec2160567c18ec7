SET LOCAL ROLE payments_owner;

-- Merchants, newest first, after a position: one of them, or all.
CREATE OR REPLACE FUNCTION payments.list_merchants(only_id uuid, after_time timestamptz, after_id uuid, rows integer)
  RETURNS TABLE (id uuid, name text, created_at timestamptz, suspended_at timestamptz, certificate_subject text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT m.id, m.name, m.created_at, m.suspended_at, c.subject
    FROM payments.merchants m LEFT JOIN payments.client_certificates c ON c.merchant_id = m.id
    WHERE (only_id IS NULL OR m.id = only_id) AND (after_id IS NULL OR (m.created_at, m.id) < (after_time, after_id))
    ORDER BY m.created_at DESC, m.id DESC LIMIT rows
  $$;

REVOKE ALL ON FUNCTION payments.list_merchants FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.list_merchants TO payments_api;
