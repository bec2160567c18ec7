SET LOCAL ROLE payments_owner;

-- Blocks of a chain after a position, in the order in which they were sealed. Blocks that were sealed together are never
-- separated, so there may be more than asked for.
CREATE OR REPLACE FUNCTION payments.list_blocks(of_chain text, after_transaction bigint, after_row uuid, most integer)
  RETURNS SETOF payments.ledger_blocks
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET jit = off
  AS $$
    SELECT b.* FROM payments.ledger_blocks b
    WHERE b.chain = of_chain AND (b.until_transaction, b.until_row) > (list_blocks.after_transaction, list_blocks.after_row)
    ORDER BY b.until_transaction, b.until_row FETCH FIRST most ROWS WITH TIES
  $$;

REVOKE ALL ON FUNCTION payments.list_blocks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.list_blocks TO payments_api, payments_drill;
