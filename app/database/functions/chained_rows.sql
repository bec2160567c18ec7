SET LOCAL ROLE payments_owner;

-- Rows of a chain with their digests: after one position and up to another, in the order of transaction and id.
-- A digest is the SHA-256 of a JSON array of strings, so an auditor can compute it without this function.
--
-- Entries that are older than the column transaction_id are all of transaction 0. A range of them is found by id.
-- The settings leave one plan for each query: a connection keeps its plans, also those from when the tables were empty.
-- Bitmap scans are on, because a caller may have them off and a BRIN serves nothing else.
CREATE OR REPLACE FUNCTION payments.chained_rows(
    of_chain text, after_transaction bigint, after_row uuid, until_transaction bigint, until_row uuid, most integer
  )
  RETURNS TABLE (merchant_id uuid, transaction_id bigint, row_id uuid, digest bytea)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_bitmapscan = on
  SET enable_seqscan = off SET enable_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
  AS $$
  #variable_conflict use_column
  BEGIN
    IF of_chain = 'audit_entries' THEN
      RETURN QUERY
      SELECT a.merchant_id, a.transaction_id, a.id, sha256(convert_to(array_to_json(ARRAY[
        a.id::text, a.merchant_id::text, a.transaction_id::text,
        to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        a.actor, a.action, a.target_id::text, a.before::text, a.after::text, a.correlation_id
      ])::text, 'UTF8'))
      FROM payments.audit_entries a
      WHERE (a.transaction_id, a.id) > (after_transaction, after_row)
        AND (a.transaction_id, a.id) <= (until_transaction, until_row)
      ORDER BY a.transaction_id, a.id LIMIT most;
      RETURN;
    END IF;
    RETURN QUERY
    SELECT e.merchant_id, e.transaction_id, e.id, sha256(convert_to(array_to_json(ARRAY[
      e.id::text, e.merchant_id::text, e.transaction_id::text,
      to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      e.posting_id::text, p.kind, e.payment_id::text, e.account, e.amount_minor::text, e.currency
    ])::text, 'UTF8'))
    FROM (
      (
        SELECT * FROM payments.entries
        WHERE until_transaction = 0 AND transaction_id + 0 = 0 AND id > after_row AND id <= until_row
        ORDER BY id LIMIT most
      )
      UNION ALL
      (
        SELECT * FROM payments.entries
        WHERE until_transaction > 0 AND transaction_id >= after_transaction AND transaction_id <= until_transaction
          AND (transaction_id, id) > (after_transaction, after_row) AND (transaction_id, id) <= (until_transaction, until_row)
        ORDER BY transaction_id, id LIMIT most
      )
    ) AS e
    LEFT JOIN payments.postings p ON p.id = e.posting_id
    ORDER BY e.transaction_id, e.id;
  END
  $$;

REVOKE ALL ON FUNCTION payments.chained_rows FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.chained_rows TO payments_api, payments_drill;
