import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import Stripe from 'stripe';
import { describe, expect, test, vi } from 'vitest';
import type { AcquirerEnvironment } from '../../src/acquirer/acquirer-environment.ts';
import { createAcquirer, kept } from '../../src/acquirer/create-acquirer.ts';
import { HttpAcquirer } from '../../src/acquirer/http-acquirer.ts';
import { SimulatedAcquirer } from '../../src/acquirer/simulator.ts';
import { StripeAcquirer } from '../../src/acquirer/stripe/stripe-acquirer.ts';
import { parseStripeSecrets } from '../../src/acquirer/stripe/stripe-secrets.ts';

const logger = pino({ level: 'silent' });
const reference = '019bc0f1-8e2c-7a3b-9c4d-000000000001';
// Never used, so it opens no connection.
const pool = new pg.Pool();

const create = (environment: AcquirerEnvironment) => createAcquirer(environment, { pool, logger });

test('creates the acquirer that the environment names', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'stripe-'));
  const keyFile = join(directory, 'key');
  writeFileSync(keyFile, 'sk_test\nwhsec_test\n');
  const simulator = await create({ kind: 'simulator' });
  expect(simulator.acquirer).toBeInstanceOf(SimulatedAcquirer);
  expect(simulator.challenges).toBeDefined();
  expect((await create({ kind: 'http', url: 'https://bank.example' })).acquirer).toBeInstanceOf(HttpAcquirer);
  const { acquirer, notices } = await create({ kind: 'stripe', keyFile });
  expect(acquirer).toBeInstanceOf(StripeAcquirer);
  const payload = JSON.stringify({ data: { object: { metadata: { reference } } } });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_test' });
  expect(await notices?.referenceIn(Buffer.from(payload), signature)).toBe(reference);
  expect((await create({ kind: 'stripe', keySecretArn: 'arn:stripe' })).acquirer).toBeInstanceOf(StripeAcquirer);
  rmSync(directory, { recursive: true });
});

test.each([
  ['sk_live_1', 'sk_live_1', []],
  ['sk_live_1\nwhsec_1 whsec_2\n', 'sk_live_1', ['whsec_1', 'whsec_2']],
  ['whsec_1\r\nrk_live_1', 'rk_live_1', ['whsec_1']],
  ['', '', []],
])('the secret %j has the key %j and the signing secrets %j', (text, key, signingSecrets) => {
  expect(parseStripeSecrets(text)).toEqual({ key, signingSecrets });
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
