import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listBlocks, beginning, sealBlocks } from '../../../src/ledger/chain/chain-repository.ts';
import { digestOfBlock, sealedRows } from '../../../src/ledger/chain/block-digest.ts';
import type { ChainFinding } from '../../../src/ledger/chain/chain-finding.ts';
import { verifyChains } from '../../../src/ledger/chain/verify-chain.ts';
import { idsOf, sealAll, tamper, verify } from '../../support/ledger-chain.ts';
import { newMerchant, newPayment, startPlatform, type TestPlatform } from '../../support/platform.ts';

let platform: TestPlatform;
let other: { apiKey: string; merchantId: string };
async function start(): Promise<void> {
  platform = await startPlatform();
  other = await newMerchant(platform.database, 'Another merchant');
}

/** Two payments of one merchant and one of another: six entries. */
async function payThreeTimes(): Promise<void> {
  await platform.pay({ capture: 'automatic' });
  await platform.post(
    '/payments',
    { ...newPayment, capture: 'automatic' },
    { authorization: `Bearer ${other.apiKey}` },
  );
  await platform.pay({ capture: 'automatic' });
}

/** Creates an API key, which adds an audit entry. */
async function issueKey(name: string): Promise<void> {
  const response = await platform.post('/api-keys', { name, scopes: ['payments:read'] });
  expect(response.statusCode).toBe(201);
}

/** The findings after these changes, which are rolled back. @throws when a statement changes nothing */
async function findingsAfter(...statements: readonly string[]): Promise<readonly ChainFinding[]> {
  const client = await platform.database.superuser.connect();
  try {
    await client.query('BEGIN; SET LOCAL session_replication_role = replica');
    for (const statement of statements) {
      const { rowCount } = await client.query(statement);
      if (rowCount === 0) throw new Error(`Nothing is changed by ${statement}.`);
    }
    return (await verifyChains(client)).findings;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

describe('sealing', () => {
  beforeEach(start);
  afterEach(() => platform.close());

  test('seals each row once, in blocks of one merchant', async () => {
    await payThreeTimes();
    await issueKey('one');
    expect(await sealAll(platform.database)).toBe(7);
    expect(await sealAll(platform.database)).toBe(0);
    expect(await verify(platform.database)).toEqual({ blocks: 3, rows: 7, findings: [] });
    await payThreeTimes();
    expect(await sealAll(platform.database)).toBe(6);
    expect(await verify(platform.database)).toEqual({ blocks: 5, rows: 13, findings: [] });
  });

  test('chains the blocks of a merchant, whatever other merchants do', async () => {
    for (let block = 1; block <= 3; block += 1) {
      await payThreeTimes();
      await sealAll(platform.database);
    }
    const blocks = await listBlocks(platform.database.api, 'entries', beginning, 10);
    const own = blocks.filter(({ merchantId }) => merchantId === platform.merchantId);
    expect(own.map(({ number, rowCount }) => [number, rowCount])).toEqual([1, 2, 3].map((number) => [number, 4]));
    expect(own.map(({ previousDigest }) => previousDigest)).toEqual([null, own[0]?.digest, own[1]?.digest]);
  });

  test('digests a row as an auditor can without the database', async () => {
    await platform.pay({ capture: 'automatic' });
    await sealAll(platform.database);
    const [block] = await listBlocks(platform.database.api, 'entries', beginning, 1);
    if (!block) throw new Error('no block');
    const { rows } = await platform.database.superuser.query<Record<string, string>>(
      `SELECT e.*, to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, kind
       FROM payments.entries e JOIN payments.postings p ON p.id = posting_id ORDER BY e.transaction_id, e.id`,
    );
    const digests = rows.map((row) => {
      const columns = ['id', 'merchant_id', 'transaction_id', 'at', 'posting_id', 'kind', 'payment_id'];
      const fields = [...columns, 'account', 'amount_minor', 'currency'].map((column) => String(row[column]));
      return { rowId: row['id'], digest: createHash('sha256').update(JSON.stringify(fields)).digest() };
    });
    expect(sealedRows(block)).toEqual(digests);
    expect(digestOfBlock(block)).toEqual(block.digest);
  });

  test('digests the text of an audit entry, whatever its characters', async () => {
    await issueKey('Käse "ü" \\ \u2028 and a tab');
    await sealAll(platform.database);
    const [block] = await listBlocks(platform.database.api, 'audit_entries', beginning, 1);
    const { rows } = await platform.database.superuser.query<Record<string, string | null>>(
      `SELECT id, merchant_id, transaction_id::text, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
         actor, action, target_id, before::text, after::text, correlation_id FROM payments.audit_entries`,
    );
    const digest = createHash('sha256')
      .update(JSON.stringify(Object.values(rows[0] ?? {})))
      .digest();
    expect(block && sealedRows(block).map((row) => row.digest)).toEqual([digest]);
  });

  test('leaves rows to a later block while an older transaction runs', async () => {
    await issueKey('one');
    await sealAll(platform.database);
    const running = await platform.database.superuser.connect();
    await running.query('BEGIN');
    await running.query(
      `INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id)
       VALUES ('operator:' || gen_random_uuid(), 'a-correlation-id', 'merchant.created', $1, $1)`,
      [platform.merchantId],
    );
    await issueKey('two');
    expect(await sealBlocks(platform.database.api, 'audit_entries', 5000, 0)).toBe(0);
    await running.query('COMMIT');
    running.release();
    await sealAll(platform.database);
    expect(await verify(platform.database)).toEqual({ blocks: 2, rows: 3, findings: [] });
  });

  test('seals each row once when many calls seal at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      await payThreeTimes();
      const sealed = await Promise.all(
        Array.from({ length: 8 }, () => sealBlocks(platform.database.api, 'entries', 5000, 0)),
      );
      const later = await sealAll(platform.database);
      expect(sealed.reduce((total, each) => total + each, later)).toBe(6);
    }
    expect(await verify(platform.database)).toMatchObject({ rows: 30, findings: [] });
  });

  test('pauses between two blocks', async () => {
    await payThreeTimes();
    await sealAll(platform.database);
    await payThreeTimes();
    expect(await sealBlocks(platform.database.api, 'entries', 5000, 60)).toBe(0);
    expect(await sealAll(platform.database)).toBe(6);
  });
});

describe('a big ledger', () => {
  beforeEach(start);
  afterEach(() => platform.close());

  /** Adds pairs of entries to a payment, `transactions` times in a transaction of its own. */
  async function addEntries(transactions: number, pairs: number): Promise<void> {
    const { id } = await platform.pay({ capture: 'automatic' });
    for (let transaction = 0; transaction < transactions; transaction += 1) {
      await platform.database.superuser.query(
        `WITH posting AS (
           INSERT INTO payments.postings (id, merchant_id, payment_id, kind, currency)
           SELECT gen_random_uuid(), $1, $2, 'capture', 'EUR' FROM generate_series(1, $3::integer) RETURNING id
         )
         INSERT INTO payments.entries (id, merchant_id, posting_id, payment_id, account, amount_minor, currency)
         SELECT gen_random_uuid(), $1, posting.id, $2, account, amount, 'EUR'
         FROM posting, (VALUES ('acquirer_receivable', 5), ('merchant_payable', -5)) AS sides (account, amount)`,
        [platform.merchantId, id, pairs],
      );
    }
  }

  test('is sealed and verified in pages, also within one transaction', async () => {
    await addEntries(3, 100);
    expect(await sealAll(platform.database, 70)).toBe(602);
    expect(await verify(platform.database)).toEqual({ blocks: Math.ceil(602 / 70), rows: 602, findings: [] });
  });

  test('is not read again to seal new rows, whatever plan a connection has', async () => {
    const client = await platform.database.superuser.connect();
    const readBySealing = async () => {
      await client.query('BEGIN');
      await client.query(`SELECT payments.seal_blocks('entries', 5000, '0')`);
      const { rows } = await client.query<{ reads: string }>(
        `SELECT pg_stat_get_xact_tuples_returned('payments.entries'::regclass)
           + pg_stat_get_xact_tuples_fetched('payments.entries'::regclass) AS reads`,
      );
      await client.query('COMMIT');
      return Number(rows[0]?.reads);
    };
    await client.query('SET plan_cache_mode = force_generic_plan');
    await readBySealing();
    await addEntries(10, 1000);
    await sealAll(platform.database);
    await client.query(`SELECT brin_summarize_new_values('payments.entries_of_transactions')`);
    await platform.pay({ capture: 'automatic' });
    const reads = await readBySealing();
    client.release();
    // One range of 32 pages and the newest pages, of 20,000 rows.
    expect(reads).toBeGreaterThan(0);
    expect(reads).toBeLessThan(5000);
    expect((await verify(platform.database)).findings).toEqual([]);
  });

  test('is verified where a page of rows ends inside a block', async () => {
    await addEntries(1, 6000);
    expect(await sealAll(platform.database, 20_000)).toBe(12_002);
    expect(await verify(platform.database)).toEqual({ blocks: 1, rows: 12_002, findings: [] });
  });

  test('from before the chain is sealed in pages first', async () => {
    await addEntries(2, 50);
    await tamper(platform.database, 'UPDATE payments.entries SET transaction_id = 0');
    await platform.pay({ capture: 'automatic' });
    expect(await sealAll(platform.database, 30)).toBe(204);
    const blocks = await listBlocks(platform.database.api, 'entries', beginning, 100);
    expect(blocks.map(({ until, rowCount }) => [until.transaction === 0, rowCount])).toEqual([
      ...Array.from({ length: 6 }, () => [true, 30]),
      [true, 22],
      [false, 2],
    ]);
    expect(await verify(platform.database)).toEqual({ blocks: 8, rows: 204, findings: [] });
    const [id = ''] = await idsOf(platform.database.superuser, 'entries');
    const found = await findingsAfter(
      `INSERT INTO payments.entries
         (id, merchant_id, posting_id, payment_id, account, amount_minor, currency, created_at, transaction_id)
       SELECT 'ffffffff-ffff-4fff-bfff-ffffffffffff', merchant_id, posting_id, payment_id, account, amount_minor, currency, created_at, 0
       FROM payments.entries WHERE id = '${id}'`,
    );
    expect(found).toMatchObject([{ name: 'row-inserted', rowId: 'ffffffff-ffff-4fff-bfff-ffffffffffff' }]);
  });
});

describe('verification names', () => {
  let entries: string[];
  let audits: string[];
  beforeAll(async () => {
    await start();
    for (let block = 1; block <= 3; block += 1) {
      await payThreeTimes();
      await issueKey(`key ${block}`);
      await sealAll(platform.database);
    }
    entries = await idsOf(platform.database.superuser, 'entries');
    audits = await idsOf(platform.database.superuser, 'audit_entries');
    // Each merchant has one more block, in a range of its own.
    for (const headers of [{ authorization: `Bearer ${other.apiKey}` }, {}]) {
      await platform.post('/payments', { ...newPayment, capture: 'automatic' }, headers);
      await sealAll(platform.database);
    }
  });
  afterAll(() => platform.close());

  test('nothing while nothing was altered', async () => {
    expect(await verify(platform.database)).toEqual({ blocks: 11, rows: 25, findings: [] });
  });

  const entry = (index: number) => entries[index] ?? '';

  test.each([
    ['amount', 'amount_minor = amount_minor + 1'],
    [
      'account',
      `account = CASE account WHEN 'merchant_payable' THEN 'acquirer_receivable' ELSE 'merchant_payable' END`,
    ],
    ['currency', `currency = 'USD'`],
    ['time', `created_at = created_at + interval '1 microsecond'`],
    ['posting', `posting_id = gen_random_uuid()`],
    ['payment', `payment_id = gen_random_uuid()`],
  ])('an entry with another %s', async (_what, change) => {
    const found = await findingsAfter(`UPDATE payments.entries SET ${change} WHERE id = '${entry(7)}'`);
    expect(found).toMatchObject([
      { name: 'row-changed', chain: 'entries', blockNumber: 2, rowId: entry(7), merchantId: platform.merchantId },
    ]);
  });

  test('entries whose posting has another kind', async () => {
    const found = await findingsAfter(
      `UPDATE payments.postings SET kind = 'refund' WHERE id = (SELECT posting_id FROM payments.entries WHERE id = '${entry(0)}')`,
    );
    expect(found).toMatchObject([{ name: 'row-changed', blockNumber: 1, rowId: entry(0) }]);
  });

  test('an entry that belongs to another merchant now', async () => {
    const found = await findingsAfter(
      `UPDATE payments.entries SET merchant_id = '${other.merchantId}' WHERE id = '${entry(0)}'`,
    );
    expect(found[0]?.rowId).toBe(entry(0));
  });

  test('the first of several removed entries', async () => {
    const found = await findingsAfter(`DELETE FROM payments.entries WHERE id IN ('${entry(11)}', '${entry(5)}')`);
    expect(found).toMatchObject([{ name: 'row-removed', blockNumber: 1, rowId: entry(5) }]);
  });

  test.each([
    ['between others', 'e.transaction_id'],
    ['from before the chain', '0'],
  ])('an entry that was inserted %s', async (_where, transaction) => {
    const id = '00000000-0000-4000-8000-000000000000';
    const found = await findingsAfter(`INSERT INTO payments.entries
         (id, merchant_id, posting_id, payment_id, account, amount_minor, currency, created_at, transaction_id)
       SELECT '${id}', merchant_id, posting_id, payment_id, account, amount_minor, currency, created_at, ${transaction}
       FROM payments.entries e WHERE id = '${entry(4)}'`);
    expect(found).toMatchObject([{ name: 'row-inserted', rowId: id, blockNumber: 1 }]);
  });

  test('an entry of a merchant without a block in that range', async () => {
    const newcomer = await newMerchant(platform.database, 'Newcomer');
    const found = await findingsAfter(`INSERT INTO payments.entries
         (id, merchant_id, posting_id, payment_id, account, amount_minor, currency, created_at, transaction_id)
       SELECT gen_random_uuid(), '${newcomer.merchantId}', posting_id, payment_id, account, amount_minor, currency, created_at, transaction_id
       FROM payments.entries e WHERE id = '${entry(4)}'`);
    const [finding] = found;
    expect(finding).toMatchObject({ name: 'row-inserted', merchantId: newcomer.merchantId });
    expect(finding?.detail).toMatch(/is in no block/);
  });

  test('the first of two entries that changed places', async () => {
    const { rows } = await platform.database.superuser.query<{ id: string; transaction_id: string }>(
      `SELECT id, transaction_id FROM payments.entries WHERE id IN ($1, $2) ORDER BY transaction_id`,
      [entry(0), entry(5)],
    );
    const [first, second] = rows;
    const found =
      await findingsAfter(`UPDATE payments.entries SET transaction_id = CASE id WHEN '${first?.id ?? ''}' THEN ${second?.transaction_id ?? ''}
         ELSE ${first?.transaction_id ?? ''} END WHERE id IN ('${entry(0)}', '${entry(5)}')`);
    expect(found).toMatchObject([{ name: 'row-changed', blockNumber: 1, rowId: entry(0) }]);
  });

  test.each([
    ['changed', `UPDATE payments.audit_entries SET actor = 'operator:' || gen_random_uuid() WHERE id = `],
    ['removed', `DELETE FROM payments.audit_entries WHERE id = `],
  ])('an audit entry that was %s', async (what, statement) => {
    const found = await findingsAfter(`${statement}'${audits[1] ?? ''}'`);
    expect(found).toMatchObject([{ name: `row-${what}`, chain: 'audit_entries', rowId: audits[1] }]);
  });

  const second = () => `chain = 'entries' AND number = 2 AND merchant_id = '${platform.merchantId}'`;

  test('a block that was changed', async () => {
    const found = await findingsAfter(
      `UPDATE payments.ledger_blocks SET sealed_at = sealed_at - interval '1 day' WHERE ${second()}`,
    );
    expect(found).toMatchObject([{ name: 'block-changed', blockNumber: 2 }]);
  });

  test('a block that was rebuilt for a changed entry', async () => {
    const found = await findingsAfter(
      `UPDATE payments.entries SET amount_minor = 7 WHERE id = '${entry(7)}'`,
      `UPDATE payments.ledger_blocks b SET row_digests = (
         SELECT string_agg(uuid_send(row_id) || digest, '' ORDER BY transaction_id, row_id)
         FROM payments.chained_rows(chain, after_transaction, after_row, until_transaction, until_row, 100) AS now
         WHERE now.merchant_id = b.merchant_id
       ) WHERE ${second()}`,
      `UPDATE payments.ledger_blocks SET digest = sha256(convert_to(array_to_json(ARRAY[
         chain, merchant_id::text, number::text, after_transaction::text, after_row::text, until_transaction::text, until_row::text,
         row_count::text, encode(previous_digest, 'hex'), to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
       ])::text, 'UTF8') || row_digests) WHERE ${second()}`,
    );
    const [finding] = found;
    expect(finding).toMatchObject({ name: 'block-changed', blockNumber: 3 });
    expect(finding?.detail).toMatch(/does not continue block 2/);
  });

  test('the missing block of one merchant', async () => {
    const found = await findingsAfter(`DELETE FROM payments.ledger_blocks WHERE ${second()}`);
    const [finding] = found;
    expect(finding).toMatchObject({ name: 'row-inserted', merchantId: platform.merchantId });
    expect(finding?.detail).toMatch(/or its block was removed/);
  });

  test('the missing blocks of all merchants', async () => {
    const found = await findingsAfter(`DELETE FROM payments.ledger_blocks WHERE chain = 'entries' AND number = 2`);
    expect(found).toMatchObject([{ name: 'block-removed', blockNumber: 3 }]);
  });

  test('missing blocks whose merchants have no later one', async () => {
    const found = await findingsAfter(
      `DELETE FROM payments.ledger_blocks WHERE chain = 'entries' AND number = 4 AND merchant_id = '${other.merchantId}'`,
    );
    const [finding] = found;
    expect(finding).toMatchObject({ name: 'block-removed', merchantId: platform.merchantId, blockNumber: 4 });
    expect(finding?.detail).toMatch(/of other merchants/);
  });

  test('one finding of each chain', async () => {
    const found = await findingsAfter(
      `DELETE FROM payments.entries WHERE id = '${entry(0)}'`,
      `DELETE FROM payments.audit_entries WHERE id = '${audits[0] ?? ''}'`,
    );
    expect(found.map(({ chain }) => chain)).toEqual(['entries', 'audit_entries']);
  });
});

test('nobody can change or delete a block, not even the owner of the tables', async () => {
  await start();
  await payThreeTimes();
  await sealAll(platform.database);
  const { api, alternate, worker, drill, keyRotation, administrator } = platform.database;
  const owner = await administrator.connect();
  await owner.query('SET ROLE payments_owner');
  for (const statement of [
    'UPDATE payments.ledger_blocks SET number = 9',
    'DELETE FROM payments.ledger_blocks',
    'TRUNCATE payments.ledger_blocks',
  ]) {
    for (const login of [api, alternate, worker, drill, keyRotation])
      await expect(login.query(statement)).rejects.toThrow(/permission denied/);
    await expect(owner.query(statement)).rejects.toThrow(/ledger_blocks is written once/);
  }
  owner.release(true);
  await platform.close();
});
