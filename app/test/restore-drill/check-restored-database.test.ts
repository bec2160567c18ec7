import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readMigrations } from '../../src/db/schema-files.ts';
import { checkRestoredDatabase } from '../../src/restore-drill/check-restored-database.ts';
import { readAppliedMigrations, readFigures, readLastBlocks } from '../../src/restore-drill/stored-facts.ts';
import { tamper } from '../support/ledger-chain.ts';
import { asDrill, DrillDatabases, type RestoredCopy } from '../support/drill-databases.ts';

const migrations = readMigrations();
let databases: DrillDatabases;
let restored: RestoredCopy;
beforeAll(async () => {
  databases = await DrillDatabases.start();
});
afterAll(() => databases.stop());
beforeEach(async () => {
  restored = await databases.restore();
});
afterEach(() => restored.database.drop());

/** The findings about the restored copy by name. */
async function found(build = migrations, until = databases.until): Promise<Record<string, string[]>> {
  const live = await asDrill(databases.live.database, async (client) => ({
    migrations: await readAppliedMigrations(client),
    figures: await readFigures(client, until),
    lastBlocks: await readLastBlocks(client, until),
  }));
  const findings = await asDrill(restored.database, (client) =>
    checkRestoredDatabase(client, { live, migrations: build, until }),
  );
  const byName: Record<string, string[]> = {};
  for (const { name, detail } of findings) (byName[name] ??= []).push(detail);
  return byName;
}

describe('a restored copy', () => {
  test('that equals the snapshot has no findings', async () => {
    expect(await found()).toEqual({});
  });

  test('need not contain rows that were written after the snapshot', async () => {
    await databases.live.pay({ capture: 'automatic' });
    expect(await found()).toEqual({});
    const later = await found(migrations, new Date(databases.until.getTime() + 600_000));
    expect(later['differs-from-live']).toContainEqual('payments: 5 restored, 6 live');
  });

  test('without one of the migrations has that finding only', async () => {
    await restored.corrupt(`DELETE FROM public.schema_migrations WHERE name = '0004_ledger.sql'`);
    await restored.corrupt('DELETE FROM payments.payments');
    expect(await found()).toEqual({ 'migration-missing': ['0004_ledger.sql was not applied'] });
  });

  test('with a migration of another checksum has a finding', async () => {
    await restored.corrupt(`UPDATE public.schema_migrations SET checksum = 'other' WHERE name = '0003_payments.sql'`);
    expect(await found()).toEqual({
      'migration-altered': [
        expect.stringMatching(/^0003_payments\.sql was applied with checksum other, expected \w{64}$/),
      ],
    });
  });

  test('is compared with the checksums of this build, not of the live database', async () => {
    const build = migrations.map((each) => (each.name === '0002_merchants.sql' ? { ...each, checksum: 'new' } : each));
    expect(Object.keys(await found(build))).toEqual(['migration-altered']);
  });

  test('need not have migrations that were applied after the snapshot or are not applied yet', async () => {
    await databases.live.database.superuser.query(
      `UPDATE public.schema_migrations SET applied_at = now() + interval '1 hour' WHERE name = '0006_documents.sql'`,
    );
    await restored.corrupt(`DELETE FROM public.schema_migrations WHERE name = '0006_documents.sql'`);
    const next = { name: '9999_next.sql', sql: '', checksum: 'next' };
    expect(await found([...migrations, next])).toEqual({});
  });

  test.each([
    ['payments', `DELETE FROM payments.payments WHERE status = 'declined'`, /^payments: 4 restored, 5 live$/],
    ['payment_events', `DELETE FROM payments.payment_events WHERE type = 'payment.declined'`, /^payment events: /],
    ['refunds', `DELETE FROM payments.refunds`, /^refunds: 0 restored, 2 live$/],
    ['documents', `DELETE FROM payments.documents`, /^documents: 0 restored, 2 live$/],
  ])('without some rows of %s differs from the live database', async (_table, statement, difference) => {
    await restored.corrupt(statement);
    expect((await found())['differs-from-live']).toContainEqual(expect.stringMatching(difference));
  });

  test('without a whole posting balances, but differs from the live database and from its payment', async () => {
    await restored.corrupt(
      `DELETE FROM payments.entries WHERE posting_id = (SELECT id FROM payments.postings WHERE kind = 'refund' AND currency = 'USD')`,
    );
    await restored.corrupt(`DELETE FROM payments.postings WHERE kind = 'refund' AND currency = 'USD'`);
    const findings = await found();
    expect(Object.keys(findings)).toEqual(['differs-from-live', 'payment-not-booked', 'ledger-altered']);
    expect(findings['differs-from-live']).toEqual(
      expect.arrayContaining([
        'postings of kind refund: 1 restored, 2 live',
        'USD balance of merchant_payable: -1000 restored, -700 live',
      ]),
    );
  });

  test.each([
    ['refunds', 'amount_minor', 'amount of refunds: 601 restored, 600 live'],
    ['documents', 'size_bytes', 'bytes of documents: 29 restored, 28 live'],
  ])('with another %s in the same number of rows differs from the live database', async (table, column, detail) => {
    await restored.corrupt(
      `UPDATE payments.${table} SET ${column} = ${column} + 1 WHERE id = (SELECT min(id::text)::uuid FROM payments.${table})`,
    );
    expect(await found()).toEqual({ 'differs-from-live': [detail] });
  });

  test('with an unbalanced ledger has findings for posting and currency', async () => {
    await restored.corrupt(
      `UPDATE payments.entries SET amount_minor = amount_minor - 1 WHERE account = 'merchant_payable' AND currency = 'EUR' AND amount_minor < 0`,
    );
    const findings = await found();
    expect(findings['unbalanced-posting']).toEqual([
      expect.stringMatching(/^1 have fewer than two entries.*: [0-9a-f-]{36}$/),
    ]);
    expect(findings['unbalanced-currency']).toEqual(['1 do not sum to zero over the whole ledger: EUR (-1)']);
  });

  test('with an entry that differs from its chain names the entry', async () => {
    const { rows } = await restored.database.superuser.query<{ id: string }>(
      'SELECT id FROM payments.entries ORDER BY transaction_id, id LIMIT 1',
    );
    const id = rows[0]?.id ?? '';
    await restored.corrupt(
      `UPDATE payments.entries SET created_at = created_at - interval '1 second' WHERE id = '${id}'`,
    );
    expect(await found()).toEqual({ 'ledger-altered': [expect.stringContaining(`Ledger entry ${id} of block 1`)] });
  });

  test('differs from a live database whose chain was rebuilt', async () => {
    const { database } = databases.live;
    const { rows } = await database.superuser.query<{ digest: string }>(
      `SELECT encode(digest, 'hex') AS digest FROM payments.ledger_blocks`,
    );
    const digest = rows[0]?.digest ?? '';
    await tamper(database, `UPDATE payments.ledger_blocks SET digest = sha256('rebuilt')`);
    expect((await found())['chain-differs-from-live']).toEqual([
      expect.stringMatching(
        new RegExp(`^block 1 of the entries of merchant .{36}: ${digest} restored, [0-9a-f]{64} live$`),
      ),
    ]);
    await tamper(database, `UPDATE payments.ledger_blocks SET digest = '\\x${digest}'`);
  });

  test('from before the chains has no findings about them', async () => {
    const { database } = databases.live;
    await tamper(
      database,
      `UPDATE public.schema_migrations SET applied_at = now() + interval '1 hour' WHERE name = '0009_ledger_chain.sql'`,
    );
    await restored.corrupt(`DELETE FROM public.schema_migrations WHERE name = '0009_ledger_chain.sql'`);
    await restored.corrupt(`UPDATE payments.ledger_blocks SET digest = sha256('unread')`);
    expect(Object.keys(await found())).toEqual([]);
    await tamper(
      database,
      `UPDATE public.schema_migrations SET applied_at = now() - interval '1 hour' WHERE name = '0009_ledger_chain.sql'`,
    );
  });

  test('with mixed currencies has a finding, although each posting sums to zero', async () => {
    await restored.corrupt(
      `UPDATE payments.entries SET currency = 'GBP' WHERE id = (SELECT min(id::text)::uuid FROM payments.entries)`,
    );
    expect(Object.keys(await found())).toEqual(
      expect.arrayContaining(['unbalanced-posting', 'unbalanced-currency', 'differs-from-live']),
    );
  });

  test('with an entry of another payment than its posting has a finding', async () => {
    await restored.corrupt(
      `UPDATE payments.entries SET payment_id = gen_random_uuid() WHERE account = 'merchant_payable'`,
    );
    expect(await found()).toEqual({
      'ledger-altered': [expect.stringContaining('differs from its content')],
      'unbalanced-posting': [expect.stringMatching(/^4 have .* of another currency or payment/)],
    });
  });

  test('with a posting without entries has a finding', async () => {
    await restored.corrupt(
      `DELETE FROM payments.entries WHERE posting_id = (SELECT id FROM payments.postings WHERE kind = 'refund' AND currency = 'USD')`,
    );
    expect((await found())['unbalanced-posting']).toEqual([expect.stringMatching(/^1 have fewer than two entries/)]);
  });

  test('with a captured payment without entries has a finding', async () => {
    await restored.corrupt(
      `UPDATE payments.payments SET captured_minor = amount_minor, status = 'captured' WHERE status = 'authorized' AND currency = 'EUR'`,
    );
    expect(await found()).toEqual({
      'payment-not-booked': [expect.stringMatching(/^1 have captured or refunded amounts .*: [0-9a-f-]{36}$/)],
    });
  });

  test('with a refund without a posting has a finding', async () => {
    await restored.corrupt(`UPDATE payments.payments SET refunded_minor = refunded_minor + 1 WHERE refunded_minor > 0`);
    expect(await found()).toEqual({ 'payment-not-booked': [expect.stringMatching(/^2 have captured or refunded/)] });
  });

  test.each([
    ['entry', `UPDATE payments.entries SET posting_id = gen_random_uuid() WHERE amount_minor > 0`],
    ['posting', `UPDATE payments.postings SET payment_id = gen_random_uuid()`],
    ['refund', `UPDATE payments.refunds SET payment_id = gen_random_uuid()`],
    ['document', `UPDATE payments.documents SET payment_id = gen_random_uuid()`],
    ['event', `UPDATE payments.payment_events SET payment_id = gen_random_uuid()`],
    ['payment', `UPDATE payments.payments SET merchant_id = gen_random_uuid()`],
  ])('with an orphaned %s has a finding', async (kind, statement) => {
    await restored.corrupt(statement);
    expect((await found())['orphan']).toEqual([expect.stringMatching(`${kind} [0-9a-f-]{36}`)]);
  });

  test('lists five violations of a kind and the total', async () => {
    await restored.corrupt('DELETE FROM payments.merchants');
    await restored.corrupt('UPDATE payments.payment_events SET payment_id = gen_random_uuid()');
    const [detail = ''] = (await found())['orphan'] ?? [];
    const { rows } = await restored.database.superuser.query<{ total: string }>(
      'SELECT ((SELECT count(*) FROM payments.payment_events) + (SELECT count(*) FROM payments.payments))::text AS total',
    );
    expect(detail).toMatch(new RegExp(`^${String(rows[0]?.total)} refer to`));
    expect(detail.match(/[0-9a-f-]{36}/g)).toHaveLength(5);
  });
});
