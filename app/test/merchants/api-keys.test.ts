import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateApiKey, isApiKey, isDamagedApiKey } from '../../src/merchants/api-key.ts';
import { ensureMerchantWithKey } from '../../src/merchants/merchant-repository.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The CRC-32 of the body was computed with Python's `zlib.crc32`. */
const known = 'sk_0123456789ABCDEFGHIJKLMNOPQRST4PMbyp';

describe('the format', () => {
  test('is sk_, 30 random characters and 6 of checksum, as a secret scanner matches it', () => {
    const keys = Array.from({ length: 1000 }, generateApiKey);
    for (const key of keys) expect(key).toMatch(/^sk_[0-9A-Za-z]{36}$/);
    expect(keys.every(isApiKey)).toBe(true);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(keys.join('')).size).toBe(alphabet.length + 1);
  });

  test('has the CRC-32 checksum of another implementation', () => {
    expect(isApiKey(known)).toBe(true);
  });

  test('detects every wrong character', () => {
    for (let place = 'sk_'.length; place < known.length; place += 1) {
      for (const other of alphabet) {
        const damaged = known.slice(0, place) + other + known.slice(place + 1);
        expect(isApiKey(damaged)).toBe(damaged === known);
      }
    }
  });

  test.each([
    '',
    'sk_',
    known.slice(0, -1),
    `${known}0`,
    ` ${known}`,
    known.replace('sk_', 'pk_'),
    known.toLowerCase(),
  ])('does not match %j', (text) => {
    expect(isApiKey(text)).toBe(false);
  });

  test('applies only to keys that start with sk_', () => {
    expect(isDamagedApiKey(known)).toBe(false);
    expect(isDamagedApiKey(known.slice(0, -1))).toBe(true);
    expect(isDamagedApiKey(`pk_${'0'.repeat(48)}`)).toBe(false);
  });
});

describe('a key of a merchant', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.close());

  const store = async (apiKey: string) => {
    const client = await platform.database.administrator.connect();
    try {
      return await ensureMerchantWithKey(client, `Merchant of ${apiKey}`, apiKey);
    } finally {
      client.release();
    }
  };

  test.each([
    ['of the format', generateApiKey()],
    ['pk_, as issued before the format', `pk_${randomBytes(24).toString('hex')}`],
    ['of Secrets Manager, without a prefix', randomBytes(24).toString('hex')],
  ])('%s authenticates to the API and the console', async (_what, apiKey) => {
    const merchantId = await store(apiKey);
    const byKey = await platform.get('/session', { authorization: `Bearer ${apiKey}` });
    expect(byKey.json<{ merchant: object }>().merchant).toMatchObject({ id: merchantId });
    expect((await platform.post('/session', { apiKey })).statusCode).toBe(201);
  });

  test('with a wrong checksum is rejected', async () => {
    await expect(store(known.replace('S', 's'))).rejects.toThrow(
      'The first API key starts with sk_, but its checksum is wrong. Store the complete key.',
    );
  });
});
