import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { administratorArn, RotationBench, secretArn, steps } from '../support/rotation-bench.ts';

/* Secrets Manager retries a failed rotation from its first step, or starts another one. */

let bench: RotationBench;
beforeAll(async () => {
  bench = await RotationBench.start();
});
afterAll(() => bench.stop());
beforeEach(() => bench.reset());

test.each(steps)('%s is idempotent', async (repeated) => {
  const token = bench.store.beginRotation(secretArn);
  for (const step of steps) {
    await bench.step(step, token);
    if (step !== repeated) continue;
    const [text, labels] = [bench.store.text(secretArn, 'AWSPENDING'), bench.store.labels(secretArn)];
    await bench.step(step, token);
    expect([bench.store.text(secretArn, 'AWSPENDING'), bench.store.labels(secretArn)]).toEqual([text, labels]);
  }
  expect(await bench.whoIs(bench.secret().connectionString)).toBe('payments_api_alternate');
  expect(await bench.whoIs(bench.secret('AWSPREVIOUS').connectionString)).toBe('payments_api');
});

test('a finished rotation can be repeated without a change', async () => {
  const token = await bench.rotate();
  const { connectionString } = bench.secret();
  for (const step of steps) await bench.step(step, token);
  expect(bench.secret().connectionString).toBe(connectionString);
  expect(await bench.whoIs(connectionString)).toBe('payments_api_alternate');
});

describe('a crash', () => {
  test.each([
    ['before', 'PutSecretValue', 'createSecret'],
    ['after', 'PutSecretValue', 'createSecret'],
    ['before', 'UpdateSecretVersionStage', 'finishSecret'],
    ['after', 'UpdateSecretVersionStage', 'finishSecret'],
  ] as const)('%s %s is repaired by retrying the rotation from its first step', async (when, operation, crashing) => {
    const first = bench.secret().connectionString;
    const token = bench.store.beginRotation(secretArn);
    for (const step of steps.slice(0, steps.indexOf(crashing))) await bench.step(step, token);
    bench.store.crash(when, operation);
    await expect(bench.step(crashing, token)).rejects.toThrow(`crashed ${when} ${operation}`);
    expect(await bench.whoIs(bench.secret().connectionString)).toBeDefined();
    for (const step of steps) await bench.step(step, token);
    expect(await bench.whoIs(bench.secret().connectionString)).toBe('payments_api_alternate');
    expect(await bench.whoIs(first)).toBe('payments_api');
  });

  test.each([1, 2, 3])(
    'after %i steps is repaired by another rotation, and the connection string of tasks stays valid',
    async (count) => {
      const first = bench.secret().connectionString;
      await bench.rotate(steps.slice(0, count));
      expect(bench.secret().connectionString).toBe(first);
      expect(await bench.whoIs(first)).toBe('payments_api');
      await bench.rotate();
      expect(await bench.whoIs(bench.secret().connectionString)).toBe('payments_api_alternate');
      expect(await bench.whoIs(first)).toBe('payments_api');
    },
  );
});

describe('rejects', () => {
  const stateOf = async () => {
    const { rows } = await bench.superuser.query(
      `SELECT rolname, rolcanlogin, rolpassword FROM pg_authid WHERE rolname LIKE 'payments_%' ORDER BY 1`,
    );
    return { rows, labels: bench.store.labels(secretArn), text: bench.store.text(secretArn) };
  };
  /** Expects every step to fail with this message and to change neither database nor secret. */
  async function expectRefused(token: string, reason: string, refusedSteps: readonly (typeof steps)[number][] = steps) {
    const before = await stateOf();
    for (const step of refusedSteps) await expect(bench.step(step, token)).rejects.toThrow(reason);
    expect(await stateOf()).toEqual(before);
  }

  test('an unknown version', () =>
    expectRefused('11111111-1111-1111-1111-111111111111', `Secret ${secretArn} has no version 11111111`));

  test('the version of a superseded rotation', async () => {
    const replaced = await bench.rotate(['createSecret', 'setSecret']);
    await bench.rotate(['createSecret']);
    await expectRefused(replaced, `Secret ${secretArn} has no version ${replaced}.`);
  });

  test('the previous version', async () => {
    const token = await bench.rotate();
    await bench.rotate();
    await expectRefused(token, `of secret ${secretArn} has the staging labels AWSPREVIOUS, not AWSPENDING`);
  });

  test('a secret with rotation disabled', async () => {
    const token = bench.store.beginRotation(secretArn);
    bench.store.rotationEnabled = false;
    await expectRefused(token, 'Rotation is not enabled for secret');
  });

  test('a secret without a value', async () => {
    bench.store.create(secretArn, '{"password":"generated"}');
    await expectRefused(bench.store.beginRotation(secretArn), `Secret ${secretArn} has no field 'connectionString'.`, [
      'createSecret',
    ]);
  });

  test('a secret of another login', async () => {
    bench.store.create(secretArn, bench.textFor('payments_worker', 'worker'));
    const token = bench.store.beginRotation(secretArn);
    await expectRefused(token, 'is for login payments_worker, which is not a login of the API', ['createSecret']);
  });

  test.each(['payments_api', 'payments_worker', 'administrator'])(
    'a new password for %s while tasks use payments_api',
    async (login) => {
      const token = bench.store.beginRotation(secretArn);
      const input = { SecretId: secretArn, ClientRequestToken: token, VersionStages: ['AWSPENDING'] };
      const SecretString = bench.textFor(login, 'stolen');
      bench.store.answer({ target: 'secretsmanager.PutSecretValue', input: { ...input, SecretString } });
      await expectRefused(token, `is for login ${login}, but only payments_api_alternate can be rotated`, [
        'setSecret',
      ]);
    },
  );

  test('a step before its predecessor', async () => {
    const token = bench.store.beginRotation(secretArn);
    await expectRefused(token, `has no value. Run createSecret first`, ['setSecret', 'testSecret']);
    await bench.step('createSecret', token);
    await expect(bench.step('testSecret', token)).rejects.toMatchObject({ code: '28P01' });
  });

  test('a step with invalid administrator credentials', async () => {
    const token = bench.store.beginRotation(secretArn);
    await bench.step('createSecret', token);
    const administrator = bench.store.text(administratorArn) ?? '';
    onTestFinished(() => {
      bench.store.create(administratorArn, administrator);
    });
    bench.store.create(administratorArn, '{"username":"administrator","password":"stale"}');
    await expectRefused(token, 'password authentication failed for user "administrator"', ['setSecret']);
    bench.store.create(administratorArn, '{"password":"administrator"}');
    await expectRefused(token, `Secret ${administratorArn} has no field 'username'.`, ['setSecret']);
  });

  test('an unknown step', async () => {
    const token = bench.store.beginRotation(secretArn);
    await expect(bench.step('toString' as 'testSecret', token)).rejects.toThrow(
      "Unknown rotation step 'toString'. Use one of createSecret, setSecret, testSecret, finishSecret.",
    );
  });
});
