import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { administratorArn, RotationHarness, secretArn, steps } from '../support/rotation-harness.ts';

/* Secrets Manager retries a failed rotation from its first step, or starts another one. */

let harness: RotationHarness;
beforeAll(async () => {
  harness = await RotationHarness.start();
});
afterAll(() => harness.stop());
beforeEach(() => harness.reset());

test.each(steps)('%s is idempotent', async (repeated) => {
  const token = harness.store.beginRotation(secretArn);
  for (const step of steps) {
    await harness.step(step, token);
    if (step !== repeated) continue;
    const [text, labels] = [harness.store.text(secretArn, 'AWSPENDING'), harness.store.labels(secretArn)];
    await harness.step(step, token);
    expect([harness.store.text(secretArn, 'AWSPENDING'), harness.store.labels(secretArn)]).toEqual([text, labels]);
  }
  expect(await harness.whoIs(harness.secret().connectionString)).toBe('payments_api_alternate');
  expect(await harness.whoIs(harness.secret('AWSPREVIOUS').connectionString)).toBe('payments_api');
});

test('a finished rotation can be repeated without a change', async () => {
  const token = await harness.rotate();
  const { connectionString } = harness.secret();
  for (const step of steps) await harness.step(step, token);
  expect(harness.secret().connectionString).toBe(connectionString);
  expect(await harness.whoIs(connectionString)).toBe('payments_api_alternate');
});

describe('a crash', () => {
  test.each([
    ['before', 'PutSecretValue', 'createSecret'],
    ['after', 'PutSecretValue', 'createSecret'],
    ['before', 'UpdateSecretVersionStage', 'finishSecret'],
    ['after', 'UpdateSecretVersionStage', 'finishSecret'],
  ] as const)('%s %s is repaired by retrying the rotation from its first step', async (when, operation, crashing) => {
    const first = harness.secret().connectionString;
    const token = harness.store.beginRotation(secretArn);
    for (const step of steps.slice(0, steps.indexOf(crashing))) await harness.step(step, token);
    harness.store.crash(when, operation);
    await expect(harness.step(crashing, token)).rejects.toThrow(`crashed ${when} ${operation}`);
    expect(await harness.whoIs(harness.secret().connectionString)).toBeDefined();
    for (const step of steps) await harness.step(step, token);
    expect(await harness.whoIs(harness.secret().connectionString)).toBe('payments_api_alternate');
    expect(await harness.whoIs(first)).toBe('payments_api');
  });

  test.each([1, 2, 3])(
    'after %i steps is repaired by another rotation, and the connection string of tasks stays valid',
    async (count) => {
      const first = harness.secret().connectionString;
      await harness.rotate(steps.slice(0, count));
      expect(harness.secret().connectionString).toBe(first);
      expect(await harness.whoIs(first)).toBe('payments_api');
      await harness.rotate();
      expect(await harness.whoIs(harness.secret().connectionString)).toBe('payments_api_alternate');
      expect(await harness.whoIs(first)).toBe('payments_api');
    },
  );
});

describe('rejects', () => {
  const stateOf = async () => {
    const { rows } = await harness.superuser.query(
      `SELECT rolname, rolcanlogin, rolpassword FROM pg_authid WHERE rolname LIKE 'payments_%' ORDER BY 1`,
    );
    return { rows, labels: harness.store.labels(secretArn), text: harness.store.text(secretArn) };
  };
  /** Expects every step to fail with this message and to change neither database nor secret. */
  async function expectRefused(token: string, reason: string, refusedSteps: readonly (typeof steps)[number][] = steps) {
    const before = await stateOf();
    for (const step of refusedSteps) await expect(harness.step(step, token)).rejects.toThrow(reason);
    expect(await stateOf()).toEqual(before);
  }

  test('an unknown version', () =>
    expectRefused('11111111-1111-1111-1111-111111111111', `Secret ${secretArn} has no version 11111111`));

  test('the version of a superseded rotation', async () => {
    const replaced = await harness.rotate(['createSecret', 'setSecret']);
    await harness.rotate(['createSecret']);
    await expectRefused(replaced, `Secret ${secretArn} has no version ${replaced}.`);
  });

  test('the previous version', async () => {
    const token = await harness.rotate();
    await harness.rotate();
    await expectRefused(token, `of secret ${secretArn} has the staging labels AWSPREVIOUS, not AWSPENDING`);
  });

  test('a secret with rotation disabled', async () => {
    const token = harness.store.beginRotation(secretArn);
    harness.store.rotationEnabled = false;
    await expectRefused(token, 'Rotation is not enabled for secret');
  });

  test('a secret without a value', async () => {
    harness.store.create(secretArn, '{"password":"generated"}');
    await expectRefused(
      harness.store.beginRotation(secretArn),
      `Secret ${secretArn} has no field 'connectionString'.`,
      ['createSecret'],
    );
  });

  test('a secret of another login', async () => {
    harness.store.create(secretArn, harness.textFor('payments_worker', 'worker'));
    const token = harness.store.beginRotation(secretArn);
    await expectRefused(token, 'is for login payments_worker, which is not a login of the API', ['createSecret']);
  });

  test.each(['payments_api', 'payments_worker', 'administrator'])(
    'a new password for %s while tasks use payments_api',
    async (login) => {
      const token = harness.store.beginRotation(secretArn);
      const input = { SecretId: secretArn, ClientRequestToken: token, VersionStages: ['AWSPENDING'] };
      const SecretString = harness.textFor(login, 'stolen');
      harness.store.answer({ target: 'secretsmanager.PutSecretValue', input: { ...input, SecretString } });
      await expectRefused(token, `is for login ${login}, but only payments_api_alternate can be rotated`, [
        'setSecret',
      ]);
    },
  );

  test('a step before its predecessor', async () => {
    const token = harness.store.beginRotation(secretArn);
    await expectRefused(token, `has no value. Run createSecret first`, ['setSecret', 'testSecret']);
    await harness.step('createSecret', token);
    await expect(harness.step('testSecret', token)).rejects.toMatchObject({ code: '28P01' });
  });

  test('a step with invalid administrator credentials', async () => {
    const token = harness.store.beginRotation(secretArn);
    await harness.step('createSecret', token);
    const administrator = harness.store.text(administratorArn) ?? '';
    onTestFinished(() => {
      harness.store.create(administratorArn, administrator);
    });
    harness.store.create(administratorArn, '{"username":"administrator","password":"stale"}');
    await expectRefused(token, 'password authentication failed for user "administrator"', ['setSecret']);
    harness.store.create(administratorArn, '{"password":"administrator"}');
    await expectRefused(token, `Secret ${administratorArn} has no field 'username'.`, ['setSecret']);
  });

  test('an unknown step', async () => {
    const token = harness.store.beginRotation(secretArn);
    await expect(harness.step('toString' as 'testSecret', token)).rejects.toThrow(
      "Unknown rotation step 'toString'. Use one of createSecret, setSecret, testSecret, finishSecret.",
    );
  });
});
