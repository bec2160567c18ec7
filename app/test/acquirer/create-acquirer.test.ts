import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { describe, expect, test, vi } from 'vitest';
import { createAcquirer, kept } from '../../src/acquirer/create-acquirer.ts';
import { HttpAcquirer } from '../../src/acquirer/http-acquirer.ts';
import { SimulatedAcquirer } from '../../src/acquirer/simulator.ts';
import { StripeAcquirer } from '../../src/acquirer/stripe/stripe-acquirer.ts';

const logger = pino({ level: 'silent' });
// Never used, so it opens no connection.
const pool = new pg.Pool();

test('creates the acquirer that the environment names', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'stripe-'));
  const keyFile = join(directory, 'key');
  writeFileSync(keyFile, 'sk_test\n');
  expect(await createAcquirer({ kind: 'simulator' }, { pool, logger })).toBeInstanceOf(SimulatedAcquirer);
  expect(await createAcquirer({ kind: 'http', url: 'https://bank.example' }, { pool, logger })).toBeInstanceOf(
    HttpAcquirer,
  );
  expect(await createAcquirer({ kind: 'stripe', keyFile }, { pool, logger })).toBeInstanceOf(StripeAcquirer);
  expect(await createAcquirer({ kind: 'stripe', keySecretArn: 'arn:stripe' }, { pool, logger })).toBeInstanceOf(
    StripeAcquirer,
  );
  rmSync(directory, { recursive: true });
});

describe('a kept value', () => {
  test('is read again after its lifetime', async () => {
    const read = vi.fn<() => Promise<string>>().mockResolvedValueOnce('first').mockResolvedValueOnce('second');
    const long = kept(read, 60_000);
    expect([await long(), await long()]).toEqual(['first', 'first']);
    const short = kept(read, -1);
    expect(await short()).toBe('second');
    expect(read).toHaveBeenCalledTimes(2);
  });

  test('survives a store that fails, once it is known', async () => {
    const read = vi.fn<() => Promise<string>>().mockResolvedValueOnce('known').mockRejectedValue(new Error('down'));
    const value = kept(read, -1);
    expect([await value(), await value()]).toEqual(['known', 'known']);
    await expect(kept(read, -1)()).rejects.toThrow('down');
  });
});
