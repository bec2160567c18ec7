import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeSession, digest, openSession } from '../../src/merchants/merchant-repository.ts';
import { ApiKeyRotationBench, keySecretArn } from '../support/api-key-rotation-bench.ts';
import { steps } from '../support/rotation-bench.ts';

let bench: ApiKeyRotationBench;
let merchantId: string;
let first: string;
beforeAll(async () => {
  bench = await ApiKeyRotationBench.start();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  first = randomBytes(24).toString('hex');
  merchantId = await bench.reset(first);
});

const isValid = async (key: string) => (await bench.holderOf(key)) !== undefined;
const revoke = (key: string) =>
  bench.database.superuser.query('UPDATE payments.api_keys SET revoked_at = now() WHERE key_hash = $1', [digest(key)]);

test('the new key has the merchant and the scopes of the previous one', async () => {
  const before = await bench.holderOf(first);
  await bench.rotate();
  expect(bench.key()).not.toBe(first);
  expect(await bench.holderOf(bench.key())).toEqual({ ...before, apiKeyId: expect.any(String) as string });
  expect(before?.merchantId).toBe(merchantId);
});

test('the current and the previous key are valid', async () => {
  const keys = [first];
  for (let rotation = 1; rotation <= 4; rotation += 1) {
    await bench.rotate();
    keys.push(bench.key());
    const valid = await Promise.all(keys.map(isValid));
    expect(valid).toEqual(keys.map((_, index) => index >= rotation - 1));
  }
});

test('a request with the current key is accepted after each step', async () => {
  await bench.rotate();
  const [current, previous] = [bench.key(), bench.key('AWSPREVIOUS')];
  const token = bench.store.beginRotation(keySecretArn);
  for (const step of steps) {
    expect([await isValid(current), await isValid(previous)]).toEqual([true, true]);
    await bench.step(step, token);
    expect(await isValid(bench.key())).toBe(true);
  }
  expect([await isValid(current), await isValid(previous)]).toEqual([true, false]);
});

test('the key of a suspended merchant is rotated, and stays refused until the suspension ends', async () => {
  const suspend = (value: string) =>
    bench.database.superuser.query(`UPDATE payments.merchants SET suspended_at = ${value} WHERE id = $1`, [merchantId]);
  await suspend('now()');
  await bench.rotate();
  expect([bench.key() === first, await isValid(bench.key())]).toEqual([false, false]);
  await suspend('NULL');
  expect(await isValid(bench.key())).toBe(true);
});

test('revoking a key ends its sessions', async () => {
  const token = randomBytes(32).toString('base64url');
  const holder = await bench.holderOf(first);
  await openSession(bench.database.api, token, holder?.apiKeyId ?? '', 30);
  const sessions = () =>
    bench.database.api.query('SELECT FROM payments.merchants_of(ARRAY[]::bytea[], ARRAY[$1::bytea])', [digest(token)]);
  await bench.rotate();
  expect((await sessions()).rows).toHaveLength(1);
  await bench.rotate();
  expect((await sessions()).rows).toHaveLength(0);
  await closeSession(bench.database.api, token);
});

describe('a retry', () => {
  test.each(steps)('of %s changes nothing', async (repeated) => {
    const token = bench.store.beginRotation(keySecretArn);
    for (const step of steps) {
      await bench.step(step, token);
      if (step !== repeated) continue;
      const pending = bench.store.text(keySecretArn, 'AWSPENDING');
      await bench.step(step, token);
      expect(bench.store.text(keySecretArn, 'AWSPENDING')).toBe(pending);
    }
    expect([await isValid(first), await isValid(bench.key())]).toEqual([true, true]);
    const { rows } = await bench.database.superuser.query('SELECT FROM payments.api_keys WHERE key_hash = $1', [
      digest(bench.key()),
    ]);
    expect(rows).toHaveLength(1);
  });

  test.each(['before', 'after'] as const)('finishes a rotation that crashed %s moving AWSCURRENT', async (when) => {
    await bench.rotate();
    const current = bench.key();
    const token = await bench.rotate(['createSecret', 'setSecret', 'testSecret']);
    bench.store.crash(when, 'UpdateSecretVersionStage');
    await expect(bench.step('finishSecret', token)).rejects.toThrow('crashed');
    expect([await isValid(current), await isValid(bench.key())]).toEqual([true, true]);
    for (const step of steps) await bench.step(step, token);
    expect([await isValid(first), await isValid(current), await isValid(bench.key())]).toEqual([false, true, true]);
  });
});

test('a leaked key that was revoked is replaced and stays revoked', async () => {
  await revoke(first);
  await bench.rotate();
  expect([await isValid(first), await isValid(bench.key())]).toEqual([false, true]);
});

test('an unknown current key fails the rotation without a change', async () => {
  bench.store.create(keySecretArn, 'a key of a database that was restored from an older backup');
  await expect(bench.rotate()).rejects.toThrow('no API key that matches the AWSCURRENT version');
  expect(bench.key()).toBe('a key of a database that was restored from an older backup');
});

test('a pending key that setSecret has not stored is rejected', async () => {
  const token = bench.store.beginRotation(keySecretArn);
  await expect(bench.step('setSecret', token)).rejects.toThrow('Run createSecret first');
  await bench.step('createSecret', token);
  await expect(bench.step('testSecret', token)).rejects.toThrow('Run setSecret first');
});
