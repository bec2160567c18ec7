SET LOCAL ROLE payments_owner;

-- Seals the next rows of a chain, at most as many as given, into one block for each merchant that has some. Returns how many
-- rows it has sealed: 0 as well while another call seals, or if the last block is younger than the pause.
--
-- Only rows of transactions below the oldest running one are sealed. No transaction can add a row to their range later.
CREATE OR REPLACE FUNCTION payments.seal_blocks(of_chain text, most integer, pause interval) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
  AS $$
  DECLARE
    horizon bigint;
    last_transaction bigint;
    last_row uuid;
    last_sealed_at timestamptz;
    sealed integer := 0;
  BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('payments.ledger_blocks'), hashtext(of_chain)) THEN
      RETURN 0;
    END IF;
    horizon := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    SELECT until_transaction, until_row, sealed_at INTO last_transaction, last_row, last_sealed_at
    FROM payments.ledger_blocks WHERE chain = of_chain ORDER BY until_transaction DESC, until_row DESC LIMIT 1;
    IF last_sealed_at > now() - pause THEN
      RETURN 0;
    END IF;
    last_transaction := coalesce(last_transaction, 0);
    last_row := coalesce(last_row, '00000000-0000-0000-0000-000000000000');

    -- The rows that are older than the column transaction_id have blocks of their own, and come first.
    FOR bound IN 0..1 LOOP
      EXIT WHEN sealed > 0;
      CONTINUE WHEN bound = 0 AND last_transaction > 0;
      WITH next AS MATERIALIZED (
        SELECT * FROM payments.chained_rows(
          of_chain, last_transaction, last_row, bound * (horizon - 1), 'ffffffff-ffff-ffff-ffff-ffffffffffff', most
        )
      ), run AS MATERIALIZED (
        SELECT transaction_id AS until_transaction, row_id AS until_row FROM next ORDER BY transaction_id DESC, row_id DESC LIMIT 1
      ), part AS MATERIALIZED (
        SELECT merchant_id, count(*) AS row_count,
          string_agg(uuid_send(row_id) || digest, ''::bytea ORDER BY transaction_id, row_id) AS row_digests
        FROM next GROUP BY merchant_id
      ), block AS MATERIALIZED (
        SELECT part.*, run.*, coalesce(previous.number, 0) + 1 AS number, previous.digest AS previous_digest
        FROM part CROSS JOIN run LEFT JOIN LATERAL (
          SELECT b.number, b.digest FROM payments.ledger_blocks b
          WHERE b.chain = of_chain AND b.merchant_id = part.merchant_id ORDER BY b.number DESC LIMIT 1
        ) AS previous ON true
      ), added AS (
        INSERT INTO payments.ledger_blocks (
          chain, merchant_id, number, after_transaction, after_row, until_transaction, until_row, row_count, row_digests,
          previous_digest, digest
        )
        SELECT of_chain, merchant_id, number, last_transaction, last_row, until_transaction, until_row, row_count, row_digests,
          previous_digest,
          sha256(convert_to(array_to_json(ARRAY[
            of_chain, merchant_id::text, number::text, last_transaction::text, last_row::text, until_transaction::text,
            until_row::text, row_count::text, encode(previous_digest, 'hex'),
            to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
          ])::text, 'UTF8') || row_digests)
        FROM block
        RETURNING row_count
      )
      SELECT coalesce(sum(row_count), 0) INTO sealed FROM added;
    END LOOP;
    RETURN sealed;
  END
  $$;

REVOKE ALL ON FUNCTION payments.seal_blocks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.seal_blocks TO payments_api;
