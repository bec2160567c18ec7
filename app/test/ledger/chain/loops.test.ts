import { type Logger, pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BackgroundLoop } from '../../../src/background-loop.ts';
import { startLedgerChecks } from '../../../src/ledger/chain/check-loop.ts';
import { startSealing } from '../../../src/ledger/chain/seal-loop.ts';
import { eventually } from '../../support/eventually.ts';
import { idsOf, sealAll, tamper, verify } from '../../support/ledger-chain.ts';
import { startPlatform, type TestPlatform } from '../../support/platform.ts';

let platform: TestPlatform;
let log: string[];
let logger: Logger;
let checks: number[];
const loops: BackgroundLoop[] = [];
beforeEach(async () => {
  platform = await startPlatform();
  log = [];
  checks = [];
  logger = pino({ level: 'info' }, { write: (line: string) => log.push(line) });
  for (let payment = 0; payment < 3; payment += 1) await platform.pay({ capture: 'automatic' });
});
afterEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop()));
  await platform.close();
});

function check(periodMilliseconds = 86_400_000): void {
  const { api } = platform.database;
  loops.push(
    startLedgerChecks({
      pool: api,
      readPool: api,
      logger,
      metrics: { ledgerChecked: (findings) => checks.push(findings) },
      periodMilliseconds,
      intervalMilliseconds: 10,
    }),
  );
}

test('rows are sealed at an interval, all of them, by any number of tasks', async () => {
  const sealing = { pool: platform.database.api, logger, intervalMilliseconds: 20, rowsPerRun: 2 };
  loops.push(startSealing(sealing), startSealing(sealing));
  await eventually('the rows are sealed', async () => (await verify(platform.database)).rows === 6);
  await platform.pay({ capture: 'automatic' });
  await eventually('the next rows are sealed', async () => (await verify(platform.database)).rows === 8);
  expect((await verify(platform.database)).findings).toEqual([]);
  expect(log).toEqual([]);
});

test('a database that fails is logged and does not end the sealing', async () => {
  await platform.database.superuser.query('REVOKE EXECUTE ON FUNCTION payments.seal_blocks FROM payments_api');
  loops.push(startSealing({ pool: platform.database.api, logger, intervalMilliseconds: 20 }));
  await eventually('the failure is logged', () =>
    log.some((line) => line.includes('new ledger entries were not sealed')),
  );
  await platform.database.superuser.query('GRANT EXECUTE ON FUNCTION payments.seal_blocks TO payments_api');
  await eventually('the rows are sealed', async () => (await verify(platform.database)).rows === 6);
});

test('the chains are checked once in each period, whatever the number of tasks', async () => {
  await sealAll(platform.database);
  for (let task = 0; task < 4; task += 1) check();
  await eventually('the first check', () => checks.length > 0);
  await Promise.all(loops.splice(0).map((loop) => loop.stop()));
  expect(checks).toEqual([0]);
  expect(log.map((line) => JSON.parse(line) as object)).toMatchObject([
    { msg: 'ledger checked', blocks: 1, rows: 6, complete: true },
  ]);
  check(1);
  await eventually('the next check', () => checks.length > 1);
});

test('a finding is counted and logged', async () => {
  await sealAll(platform.database);
  const [id = ''] = await idsOf(platform.database.superuser, 'entries');
  await tamper(platform.database, `DELETE FROM payments.entries WHERE id = '${id}'`);
  check();
  await eventually('the check', () => checks.length > 0);
  expect(checks).toEqual([1]);
  expect(log.map((line) => JSON.parse(line) as object)).toContainEqual(
    expect.objectContaining({ msg: 'the ledger was altered', name: 'row-removed', rowId: id }),
  );
});

test('a check that fails is logged, and not counted as one without findings', async () => {
  await platform.database.superuser.query('REVOKE EXECUTE ON FUNCTION payments.list_blocks FROM payments_api');
  check();
  await eventually('the failure is logged', () => log.some((line) => line.includes('the ledger could not be checked')));
  expect(checks).toEqual([]);
});
