import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isApiKey } from '../../src/merchants/api-key.ts';
import { eventually } from '../support/eventually.ts';
import {
  launch,
  processesOf,
  type ReadyPlatform,
  startReady,
  temporaryDataDirectory,
} from '../support/local-platform.ts';
import type { PaymentBody } from '../support/platform.ts';

const execute = promisify(execFile);

interface Entry {
  readonly paymentId: string;
  readonly direction: 'debit' | 'credit';
  readonly amountMinor: number;
}

const pay = ({ api }: ReadyPlatform) =>
  api<PaymentBody>('POST', '/payments', { amountMinor: 1000, currency: 'EUR', paymentToken: 'tok_approve' });

/** Stops the launcher, which must stop everything else. */
async function stop(signal: 'SIGINT' | 'SIGTERM', directory: string, { launcher }: ReadyPlatform): Promise<void> {
  launcher.kill(signal);
  expect(await launcher.ended).toBe(0);
  expect(processesOf(directory)).toEqual([]);
}

test('npm start serves a payment from creation to refund, and Ctrl-C leaves no process', async () => {
  const directory = temporaryDataDirectory();
  const platform = await startReady(directory);
  expect(platform.url).toMatch(/^http:\/\/localhost:\d+$/);
  expect(isApiKey(platform.apiKey)).toBe(true);
  const page = await fetch(`${platform.url}/payments`);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).toContain('<div id="root">');

  const { id } = await pay(platform);
  const printed = await platform.launcher.line('curl ');
  const answer = await execute('bash', ['-c', printed]);
  expect(JSON.parse(answer.stdout)).toMatchObject({ amountMinor: 1050, currency: 'EUR', status: 'authorized' });
  expect(await platform.api('POST', `/payments/${id}/capture`, { amountMinor: 900 })).toMatchObject({
    status: 'captured',
    capturedAmountMinor: 900,
  });
  expect(await platform.api('POST', `/payments/${id}/refunds`, { amountMinor: 300 })).toMatchObject({
    refund: { amountMinor: 300 },
    payment: { status: 'partially_refunded', refundedAmountMinor: 300 },
  });
  const { items } = await platform.api<{ items: Entry[] }>('GET', '/ledger/entries?limit=100');
  const sum = (direction: Entry['direction']) =>
    items.filter((entry) => entry.direction === direction).reduce((total, { amountMinor }) => total + amountMinor, 0);
  expect(new Set(items.map(({ paymentId }) => paymentId))).toEqual(new Set([id]));
  expect(sum('debit')).toBeGreaterThan(0);
  expect(sum('debit') - sum('credit')).toBe(0);

  const commands = processesOf(directory).map(({ command }) => command);
  for (const part of [/start\.ts/, /bin\/postgres/, /dist\/server\.js/]) {
    expect(commands).toContainEqual(expect.stringMatching(part));
  }
  await stop('SIGINT', directory, platform);
});

test('two platforms on one host have separate sessions, because cookies ignore ports', async () => {
  const platforms = [await startReady(temporaryDataDirectory()), await startReady(temporaryDataDirectory())];
  const jar: string[] = [];
  for (const { url, apiKey } of platforms) {
    const signedIn = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ apiKey }),
    });
    const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';');
    expect(cookie).toMatch(new RegExp(`^session-${new URL(url).port}=`));
    jar.push(cookie);
  }
  for (const { url } of platforms) {
    const response = await fetch(`${url}/api/v1/session`, { headers: { cookie: jar.join('; ') } });
    expect(response.status).toBe(200);
  }
});

test('data and key are kept until --fresh', async () => {
  const directory = temporaryDataDirectory();
  const first = await startReady(directory);
  const { id } = await pay(first);
  await stop('SIGTERM', directory, first);

  const second = await startReady(directory);
  expect(second.apiKey).toBe(first.apiKey);
  expect(await second.api('GET', `/payments/${id}`)).toMatchObject({ id, status: 'authorized', amountMinor: 1000 });
  await stop('SIGTERM', directory, second);

  const fresh = await startReady(directory, '--fresh');
  expect(fresh.apiKey).not.toBe(first.apiKey);
  expect(await fresh.api('GET', '/payments')).toEqual({ items: [], nextCursor: null });
  const former = await fetch(`${fresh.url}/api/v1/payments`, { headers: { authorization: `Bearer ${first.apiKey}` } });
  expect(former.status).toBe(401);
  await stop('SIGTERM', directory, fresh);
});

describe('failures', () => {
  test('a busy port is reported, and nothing is started or stored', async () => {
    const directory = temporaryDataDirectory();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const port = String((other.address() as AddressInfo).port);
    const launcher = launch('--port', port, '--data-directory', directory);
    expect(await launcher.ended).toBe(1);
    expect(launcher.output).toEqual([
      `Port ${port} is in use. Stop the program that uses it, or choose another port with 'npm start -- --port NUMBER'.`,
    ]);
    expect(readdirSync(directory)).toEqual([]);
    expect(processesOf(directory)).toEqual([]);
  });

  test.each([
    [['--port', '65536'], '--port 65536 is not a port number. Use a number from 0 to 65535.'],
    [['--prot', '80'], "Unknown option '--prot'"],
  ])('%j is rejected with the usage', async (args, message) => {
    const launcher = launch(...args);
    expect(await launcher.ended).toBe(2);
    expect(launcher.output.join('\n')).toContain(message);
    expect(launcher.output.join('\n')).toContain('Usage: npm start -- [--port NUMBER]');
  });

  test('Ctrl-C during the start leaves no process', async () => {
    const directory = temporaryDataDirectory();
    const launcher = launch('--port', '0', '--data-directory', directory);
    await eventually('the database runs', () => existsSync(join(directory, 'postgres', 'data', 'postmaster.pid')));
    launcher.kill('SIGINT');
    expect(await launcher.ended).toBe(0);
    expect(processesOf(directory)).toEqual([]);
    expect(launcher.output.join('\n')).not.toContain('ready');
  });

  test.each([
    ['dist/server.js', 'server.js exited unexpectedly'],
    ['bin/postgres', 'PostgreSQL exited unexpectedly'],
  ])('when %s exits, everything stops, with exit code 1 and the reason', async (program, reason) => {
    const directory = temporaryDataDirectory();
    const { launcher } = await startReady(directory);
    const part = processesOf(directory).find(({ command }) => command.includes(program));
    process.kill(part?.pid ?? 0, 'SIGKILL');
    expect(await launcher.ended).toBe(1);
    await launcher.line(reason);
    expect(processesOf(directory)).toEqual([]);
  });

  test('data that another platform uses is not changed, even with --fresh', async () => {
    const directory = temporaryDataDirectory();
    const first = await startReady(directory);
    const second = launch('--port', '0', '--data-directory', directory, '--fresh');
    expect(await second.ended).toBe(1);
    expect(second.output.join('\n')).toContain(`is in use by process ${first.launcher.pid}`);
    await pay(first);
    await stop('SIGINT', directory, first);
  });

  test('after a launcher was killed, the next one takes over its data', async () => {
    const directory = temporaryDataDirectory();
    const first = await startReady(directory);
    const { id } = await pay(first);
    first.launcher.kill('SIGKILL');
    await eventually('it is gone', () => !existsSync(`/proc/${first.launcher.pid}`));
    const second = await startReady(directory);
    expect(await second.api('GET', `/payments/${id}`)).toMatchObject({ id, status: 'authorized' });
    second.launcher.kill('SIGINT');
    expect(await second.launcher.ended).toBe(0);
    await eventually('what the first one has left is gone, too', () => processesOf(directory).length === 0);
  });
});
