import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type RotationEnvironment, readRotationSettings } from '../../src/rotation/rotation-environment.ts';
import { scramVerifier } from '../../src/db/scram-verifier.ts';
import { createDatabaseGate } from '../support/database-gate.ts';
import { RotationHarness, secretArn, steps } from '../support/rotation-harness.ts';

const refused = { code: '28P01' };

let harness: RotationHarness;
beforeAll(async () => {
  harness = await RotationHarness.start();
});
afterAll(() => harness.stop());
beforeEach(() => harness.reset());

describe('a rotation', () => {
  test('makes the alternate login current, with a new password in all fields', async () => {
    await harness.rotate();
    const { host, port } = harness.server;
    const secret = harness.secret();
    expect(secret).toEqual({
      engine: 'postgres',
      host,
      port,
      dbname: 'payments',
      username: 'payments_api_alternate',
      password: expect.stringMatching(/^[\w-]{43}$/) as string,
      connectionString: `postgresql://payments_api_alternate:${secret.password}@${host}:${port}/payments?sslmode=disable`,
    });
    expect(await harness.whoIs(secret.connectionString)).toBe('payments_api_alternate');
  });

  test('ends with staging labels that permit the next rotation', async () => {
    await harness.rotate();
    expect(harness.store.labels(secretArn)).toEqual([['AWSPREVIOUS'], ['AWSCURRENT', 'AWSPENDING']]);
    await harness.rotate();
    expect(harness.store.labels(secretArn)).toEqual([[], ['AWSPREVIOUS'], ['AWSCURRENT', 'AWSPENDING']]);
  });

  test('keeps the previous connection string valid until the next rotation', async () => {
    const strings = [harness.secret().connectionString];
    for (const login of ['payments_api_alternate', 'payments_api', 'payments_api_alternate', 'payments_api']) {
      await harness.rotate();
      const [before = '', beforeThat] = [...strings].reverse();
      const { connectionString } = harness.secret();
      expect(await harness.whoIs(connectionString)).toBe(login);
      expect(await harness.whoIs(before)).not.toBe(login);
      if (beforeThat !== undefined) await expect(harness.whoIs(beforeThat)).rejects.toMatchObject(refused);
      strings.push(connectionString);
    }
    expect(new Set(strings).size).toBe(5);
  });

  test('tests the connection string before it becomes current', async () => {
    const first = harness.secret().connectionString;
    const token = harness.store.beginRotation(secretArn);
    for (const step of steps) {
      expect(harness.secret().connectionString).toBe(first);
      await harness.step(step, token);
      expect(await harness.whoIs(harness.secret().connectionString)).toBeDefined();
    }
    expect(harness.secret().connectionString).not.toBe(first);
  });
});

describe('a password', () => {
  test('is sent to the database as a SCRAM verifier only', async () => {
    const gate = await createDatabaseGate(harness.server.port);
    await gate.open();
    vi.stubEnv('DATABASE_PORT', String(gate.port));
    onTestFinished(() => void vi.stubEnv('DATABASE_PORT', String(harness.server.port)));
    await harness.rotate();
    await harness.rotate();
    for (const label of ['AWSCURRENT', 'AWSPREVIOUS']) {
      const { username, password, port } = harness.secret(label);
      expect(port).toBe(gate.port);
      expect(password).toHaveLength(43);
      expect(gate.sent()).toContain(`ALTER ROLE "${username}" LOGIN PASSWORD 'SCRAM-SHA-256$4096:`);
      expect(gate.sent()).not.toContain(password);
    }
  });

  test.each(['pencil', 'A-_0123456789'])('%s has the verifier that PostgreSQL computes', async (password) => {
    await harness.superuser.query(`CREATE ROLE verified PASSWORD '${password}'`);
    const { rows } = await harness.superuser.query<{ stored: string }>(
      `SELECT rolpassword AS stored FROM pg_authid WHERE rolname = 'verified'`,
    );
    await harness.superuser.query('DROP ROLE verified');
    const stored = rows[0]?.stored ?? '';
    const salt = Buffer.from(/^SCRAM-SHA-256\$4096:([^$]+)\$/.exec(stored)?.[1] ?? '', 'base64');
    expect(scramVerifier(password, salt)).toBe(stored);
    expect(scramVerifier(password)).not.toBe(scramVerifier(password));
  });
});

describe('the environment of the function', () => {
  const environment = {
    ENVIRONMENT_NAME: 'pr123',
    ADMINISTRATOR_SECRET_ARN: 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:administrator-AbCdEf',
    DATABASE_HOST: 'db.example',
    DATABASE_NAME: 'payments',
  } as const satisfies RotationEnvironment;

  test('has safe defaults', () => {
    expect(readRotationSettings(environment)).toEqual({
      environmentName: 'pr123',
      logLevel: 'info',
      administratorSecretArn: environment.ADMINISTRATOR_SECRET_ARN,
      database: { host: 'db.example', port: 5432, name: 'payments', tls: 'verify-full' },
    });
  });

  test('requires TLS for a remote database', () => {
    const message =
      '1 problem(s):\n  - DATABASE_TLS = "disable" with DATABASE_HOST = "db.example"; without TLS connect';
    expect(() => readRotationSettings({ ...environment, DATABASE_TLS: 'disable' })).toThrow(message);
  });
});
