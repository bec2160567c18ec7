import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeSession, digest, openSession } from '../../src/merchants/merchant-repository.ts';
import { ApiKeyRotationHarness, keySecretArn } from '../support/api-key-rotation-harness.ts';
import { steps } from '../support/rotation-harness.ts';

let harness: ApiKeyRotationHarness;
let merchantId: string;
let first: string;
beforeAll(async () => {
  harness = await ApiKeyRotationHarness.start();
});
afterAll(() => harness.stop());
beforeEach(async () => {
  first = randomBytes(24).toString('hex');
  merchantId = await harness.reset(first);
});

const isValid = async (key: string) => (await harness.holderOf(key)) !== undefined;
const revoke = (key: string) =>
  harness.database.superuser.query('UPDATE payments.api_keys SET revoked_at = now() WHERE key_hash = $1', [
    digest(key),
  ]);

test('the new key has the merchant and the scopes of the previous one', async () => {
  const before = await harness.holderOf(first);
  await harness.rotate();
  expect(harness.key()).not.toBe(first);
  expect(await harness.holderOf(harness.key())).toEqual({
    ...before,
    holder: { ...before?.holder, id: expect.any(String) as string },
  });
  expect(before?.merchantId).toBe(merchantId);
});

test('the current and the previous key are valid', async () => {
  const keys = [first];
  for (let rotation = 1; rotation <= 4; rotation += 1) {
    await harness.rotate();
    keys.push(harness.key());
    const valid = await Promise.all(keys.map(isValid));
    expect(valid).toEqual(keys.map((_, index) => index >= rotation - 1));
  }
});

test('a request with the current key is accepted after each step', async () => {
  await harness.rotate();
  const [current, previous] = [harness.key(), harness.key('AWSPREVIOUS')];
  const token = harness.store.beginRotation(keySecretArn);
  for (const step of steps) {
    expect([await isValid(current), await isValid(previous)]).toEqual([true, true]);
    await harness.step(step, token);
    expect(await isValid(harness.key())).toBe(true);
  }
  expect([await isValid(current), await isValid(previous)]).toEqual([true, false]);
});

test('the key of a suspended merchant is rotated, and stays refused until the suspension ends', async () => {
  const suspend = (value: string) =>
    harness.database.superuser.query(`UPDATE payments.merchants SET suspended_at = ${value} WHERE id = $1`, [
      merchantId,
    ]);
  await suspend('now()');
  await harness.rotate();
  expect([harness.key() === first, await isValid(harness.key())]).toEqual([false, false]);
  await suspend('NULL');
  expect(await isValid(harness.key())).toBe(true);
});

test('revoking a key ends its sessions', async () => {
  const token = randomBytes(32).toString('base64url');
  const principal = await harness.holderOf(first);
  await openSession(harness.database.api, token, principal?.holder.kind === 'key' ? principal.holder.id : '', 30);
  const sessions = () =>
    harness.database.api.query('SELECT FROM payments.merchants_of(ARRAY[]::bytea[], ARRAY[$1::bytea])', [
      digest(token),
    ]);
  await harness.rotate();
  expect((await sessions()).rows).toHaveLength(1);
  await harness.rotate();
  expect((await sessions()).rows).toHaveLength(0);
  await closeSession(harness.database.api, token);
});

describe('a retry', () => {
  test.each(steps)('of %s changes nothing', async (repeated) => {
    const token = harness.store.beginRotation(keySecretArn);
    for (const step of steps) {
      await harness.step(step, token);
      if (step !== repeated) continue;
      const pending = harness.store.text(keySecretArn, 'AWSPENDING');
      await harness.step(step, token);
      expect(harness.store.text(keySecretArn, 'AWSPENDING')).toBe(pending);
    }
    expect([await isValid(first), await isValid(harness.key())]).toEqual([true, true]);
    const { rows } = await harness.database.superuser.query('SELECT FROM payments.api_keys WHERE key_hash = $1', [
      digest(harness.key()),
    ]);
    expect(rows).toHaveLength(1);
  });

  test.each(['before', 'after'] as const)('finishes a rotation that crashed %s moving AWSCURRENT', async (when) => {
    await harness.rotate();
    const current = harness.key();
    const token = await harness.rotate(['createSecret', 'setSecret', 'testSecret']);
    harness.store.crash(when, 'UpdateSecretVersionStage');
    await expect(harness.step('finishSecret', token)).rejects.toThrow('crashed');
    expect([await isValid(current), await isValid(harness.key())]).toEqual([true, true]);
    for (const step of steps) await harness.step(step, token);
    expect([await isValid(first), await isValid(current), await isValid(harness.key())]).toEqual([false, true, true]);
  });
});

test('a leaked key that was revoked is replaced and stays revoked', async () => {
  await revoke(first);
  await harness.rotate();
  expect([await isValid(first), await isValid(harness.key())]).toEqual([false, true]);
});

test('an unknown current key fails the rotation without a change', async () => {
  harness.store.create(keySecretArn, 'a key of a database that was restored from an older backup');
  await expect(harness.rotate()).rejects.toThrow('no API key that matches the AWSCURRENT version');
  expect(harness.key()).toBe('a key of a database that was restored from an older backup');
});

test('a pending key that setSecret has not stored is rejected', async () => {
  const token = harness.store.beginRotation(keySecretArn);
  await expect(harness.step('setSecret', token)).rejects.toThrow('Run createSecret first');
  await harness.step('createSecret', token);
  await expect(harness.step('testSecret', token)).rejects.toThrow('Run setSecret first');
});
