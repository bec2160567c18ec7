import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { clientConfigOf, createPool } from '../../src/db/pool.ts';
import type { DatabaseEnvironment } from '../../src/environment.ts';
import { generateApiKey } from '../../src/merchants/api-key.ts';
import { Credentials } from '../../src/merchants/credentials.ts';
import { readSecret } from '../../src/secrets/secret-reader.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../support/aws-endpoint.ts';
import { startEntryPoint } from '../support/child-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const arn = 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:database-AbCdEf';

let aws: AwsEndpoint;
let secret: string | undefined;

beforeAll(async () => {
  aws = await startAwsEndpoint(() => ({ ARN: arn, SecretString: secret }));
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

describe('reading a secret', () => {
  test('returns the current value after a rotation', async () => {
    const before = aws.calls.length;
    secret = 'before';
    expect(await readSecret(arn)).toBe('before');
    secret = 'after';
    expect(await readSecret(arn)).toBe('after');
    const call = { target: 'secretsmanager.GetSecretValue', input: { SecretId: arn } };
    expect(aws.calls.slice(before)).toEqual([call, call]);
  });

  test('throws with the ARN when it has no SecretString', async () => {
    secret = undefined;
    await expect(readSecret(arn)).rejects.toThrow(`Secret ${arn} has no SecretString.`);
  });
});

describe('a connection to the database', () => {
  let database: TestDatabase;
  let environment: DatabaseEnvironment;
  const user = `rotating_${randomBytes(4).toString('hex')}`;

  beforeAll(async () => {
    database = await createTestDatabase();
    const { host, port, name } = database;
    environment = {
      host,
      port,
      name,
      user,
      authentication: 'secret',
      secretArn: arn,
      connectionString: undefined,
      readerHost: undefined,
      passwordFile: undefined,
      tls: 'disable',
      poolSize: 4,
      region: 'eu-south-2',
    };
    await database.superuser.query(`CREATE ROLE ${user} LOGIN`);
  });
  afterAll(async () => {
    await database.superuser.query(`DROP ROLE ${user}`);
    await database.drop();
  });

  /** A managed rotation: sets the new password in the database, then in the secret. */
  async function rotate(): Promise<void> {
    const password = randomBytes(12).toString('hex');
    await database.superuser.query(`ALTER ROLE ${user} PASSWORD '${password}'`);
    secret = JSON.stringify({ username: user, password });
  }

  test('uses the current password, even in an older pool', async () => {
    await rotate();
    const pool = createPool(environment, 'secrets-test');
    onTestFinished(() => pool.end());
    const before = await pool.connect();
    await rotate();
    const after = await pool.connect();
    const { rows } = await after.query('SELECT current_user, current_setting($1) AS application', ['application_name']);
    expect(rows).toEqual([{ current_user: user, application: 'secrets-test' }]);
    expect((await before.query('SELECT 1')).rowCount).toBe(1);
    before.release();
    after.release();
  });

  test('reports the ARN of a secret without a password', async () => {
    secret = JSON.stringify({ username: user });
    const client = new pg.Client(clientConfigOf(environment, 'secrets-test'));
    await expect(client.connect()).rejects.toThrow(`Secret ${arn} has no field 'password'.`);
    await client.end();
  });

  test('uses an IAM token for host, port and login, valid for 15 minutes', async () => {
    const iam = { ...environment, host: 'db.example', port: 5433, authentication: 'iam', tls: 'verify-full' } as const;
    const { password } = clientConfigOf(iam, 'secrets-test');
    const token = new URL(`https://${await (password as () => Promise<string>)()}`);
    expect([token.host, ...['Action', 'DBUser', 'X-Amz-Expires'].map((name) => token.searchParams.get(name))]).toEqual([
      'db.example:5433',
      'connect',
      user,
      '900',
    ]);
  });

  test('to a remote host verifies certificate and host name', () => {
    const { ssl } = clientConfigOf({ ...environment, host: 'db.example', tls: 'verify-full' }, 'secrets-test');
    expect(ssl).toMatchObject({ minVersion: 'TLSv1.2', servername: 'db.example' });
    const { ca, rejectUnauthorized = true } = ssl as { ca: string[]; rejectUnauthorized?: boolean };
    expect(rejectUnauthorized).toBe(true);
    expect(ca.length).toBeGreaterThan(50);
  });
});

test("migrations read the administrator's password and the first API key from their secrets", async () => {
  const database = await createTestDatabase('template0');
  onTestFinished(() => database.drop());
  const keyArn = 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:first-key-AbCdEf';
  const apiKey = generateApiKey();
  const secrets: Readonly<Record<string, string>> = {
    [arn]: '{"username":"administrator","password":"administrator"}',
    [keyArn]: apiKey,
  };
  const vault = await startAwsEndpoint(({ input }) => ({ SecretString: secrets[String(input['SecretId'])] }));
  onTestFinished(() => vault.close());
  const { ended, output } = startEntryPoint('migrate', {
    ...vault.environment,
    ENVIRONMENT_NAME: 'test',
    DATABASE_HOST: database.host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.name,
    DATABASE_USER: 'administrator',
    DATABASE_AUTHENTICATION: 'secret',
    DATABASE_SECRET_ARN: arn,
    DATABASE_TLS: 'disable',
    API_KEY_SECRET_ARN: keyArn,
  });
  expect(await ended).toBe(0);
  const credentials = new Credentials(database.api);
  expect(await credentials.findByApiKey(apiKey)).toMatchObject({ merchantName: 'First merchant' });
  expect(await credentials.findByApiKey(`${apiKey}0`)).toBeUndefined();
  expect(output.join('\n')).not.toContain(apiKey);
});
