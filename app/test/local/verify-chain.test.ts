import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withConnection } from '../../src/db/with-connection.ts';
import { sealBlocks } from '../../src/ledger/chain/chain-repository.ts';
import { type StartedProcess, startNode } from '../support/child-process.ts';
import { startReady, temporaryDataDirectory } from '../support/local-platform.ts';

/** Runs `npm run verify-chain` with these arguments, without npm. */
function verify(...args: readonly string[]): StartedProcess {
  return startNode(['--import', 'tsx', '../bin/verify-chain.mts', ...args]);
}

test('npm run verify-chain finds nothing in an intact ledger, and names a changed entry', async () => {
  const directory = temporaryDataDirectory();
  const { api } = await startReady(directory);
  await api('POST', '/payments', {
    amountMinor: 1000,
    currency: 'EUR',
    paymentToken: 'tok_approve',
    capture: 'automatic',
  });
  const content = (...path: string[]) => readFileSync(join(directory, 'postgres', ...path), 'utf8');
  const port = Number(content('data', 'postmaster.pid').split('\n')[3]);
  const superuser = { host: '127.0.0.1', port, user: 'postgres', password: content('password'), database: 'payments' };
  await withConnection(superuser, (client) => sealBlocks(client, 'entries', 100, 0));
  const intact = verify('--data-directory', directory);
  expect(await intact.ended).toBe(0);
  expect(intact.output).toEqual(['1 blocks with 2 entries: nothing was altered']);
  const id = await withConnection(superuser, async (client) => {
    await client.query('SET session_replication_role = replica');
    const { rows } = await client.query<{ id: string }>(
      'UPDATE payments.entries SET amount_minor = 2 * amount_minor WHERE amount_minor > 0 RETURNING id',
    );
    return rows[0]?.id ?? '';
  });
  const altered = verify('--data-directory', directory);
  expect(await altered.ended).toBe(1);
  expect(altered.output.join('\n')).toContain(`row-changed: Ledger entry ${id} of block 1`);
});

test('npm run verify-chain explains itself, and what to do without a platform', async () => {
  const help = verify('--help');
  expect(await help.ended).toBe(0);
  expect(help.output.join('\n')).toMatch(/^Usage: npm run verify-chain/);
  const nowhere = verify('--data-directory', '/nowhere');
  expect(await nowhere.ended).toBe(1);
  expect(nowhere.output.join('\n')).toContain("No platform runs on /nowhere. Run 'npm start' first");
  expect(await verify('--fast').ended).toBe(2);
});
