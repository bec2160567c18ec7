import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageCommand } from '../bench/image-command.ts';
import { generateApiKey } from '../src/merchants/api-key.ts';
import { type StartedProcess, startNode } from './support/child-process.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { idsOf, sealAll, tamper } from './support/ledger-chain.ts';
import { newMerchant } from './support/platform.ts';
import { ask, listeningAddress, serverEnvironment } from './support/server-process.ts';

const appDirectory = fileURLToPath(new URL('..', import.meta.url));

/** The content of the image: the bundle in a directory without node_modules above it. */
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'image-test-'));
  execFileSync('npm', ['run', 'build', '--', directory], { cwd: appDirectory, stdio: 'pipe' });
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function start(file: string, environment: Readonly<Record<string, string>> = {}): StartedProcess {
  return startNode([file], { directory, environment });
}

test('contains the six entry points, every migration and every function', () => {
  expect(readdirSync(directory).filter((name) => !name.endsWith('.map'))).toEqual([
    'database',
    'health-check.js',
    'migrate.js',
    'package.json',
    'rotation.js',
    'server.js',
    'verify-ledger.js',
    'worker.js',
  ]);
  expect(readdirSync(join(directory, 'database'))).toEqual(['functions', 'migrations']);
  for (const folder of ['database/functions', 'database/migrations'])
    expect(readdirSync(join(directory, folder))).toEqual(readdirSync(join(appDirectory, folder)));
});

test('contains no code for demo data', () => {
  const bundles = readdirSync(directory).filter((name) => name.endsWith('.js'));
  expect(bundles.length).toBeGreaterThan(0);
  for (const name of bundles) {
    const text = readFileSync(join(directory, name), 'utf8');
    // Strings of move-to-the-past.ts and demo-payments.ts.
    expect(text).not.toContain('session_replication_role');
    expect(text).not.toContain('Espresso beans');
  }
});

describe('without an environment', () => {
  test.each(['server.js', 'migrate.js', 'verify-ledger.js'])(
    '%s exits with 1 and reports every missing variable',
    async (file) => {
      const process = start(file);
      expect(await process.ended).toBe(1);
      const output = process.output.join('\n');
      expect(output).toContain('The environment has 5 problem(s):');
      for (const variable of ['ENVIRONMENT_NAME', 'DATABASE_HOST', 'DATABASE_NAME', 'DATABASE_USER'])
        expect(output).toContain(`- ${variable} is missing; set it`);
      expect(output).toContain(
        '- DATABASE_AUTHENTICATION = ""; choose iam or secret or password-file or connection-string',
      );
      expect(output).not.toContain('ERR_MODULE_NOT_FOUND');
    },
  );

  test('the handler of rotation.js reports every missing variable', async () => {
    const call = `import { handler } from './rotation.js';
      await handler({ Step: 'testSecret', SecretId: 'arn', ClientRequestToken: 'token' }).catch((error) => console.log(error.message));`;
    const process = startNode(['--input-type=module', '--eval', call], { directory });
    expect(await process.ended).toBe(0);
    const output = process.output.join('\n');
    expect(output).toContain('The environment has 4 problem(s):');
    for (const variable of ['ENVIRONMENT_NAME', 'ADMINISTRATOR_SECRET_ARN', 'DATABASE_HOST', 'DATABASE_NAME'])
      expect(output).toContain(`- ${variable} is missing; set it`);
  });

  test('health-check.js exits with 1 when nothing listens', async () => {
    // A port that is never in use.
    const process = start('health-check.js', { PORT: '1' });
    expect(await process.ended).toBe(1);
    expect(process.output).toEqual([]);
  });
});

describe('with an empty database', () => {
  let database: TestDatabase;
  const apiKey = generateApiKey();
  beforeAll(async () => {
    database = await createTestDatabase('template0');
    writeFileSync(join(directory, 'api-key'), `${apiKey}\n`);
    writeFileSync(join(directory, 'administrator'), 'administrator');
  });
  afterAll(() => database.drop());

  test('migrate.js creates the schema and the first key, and is idempotent', async () => {
    const environment = {
      ...serverEnvironment(database),
      DATABASE_USER: 'administrator',
      DATABASE_PASSWORD_FILE: join(directory, 'administrator'),
      API_KEY_FILE: join(directory, 'api-key'),
    };
    const files = readdirSync(join(appDirectory, 'database/migrations'));
    const functions = readdirSync(join(appDirectory, 'database/functions')).map((name) => name.replace('.sql', ''));
    for (const result of [
      { applied: files, alreadyThere: 0, functions: { replaced: functions, dropped: [] } },
      { applied: [], alreadyThere: files.length, functions: { replaced: [], dropped: [] } },
    ]) {
      const process = start('migrate.js', environment);
      expect(await process.ended).toBe(0);
      expect(JSON.parse(await process.line('the schema is up to date'))).toMatchObject(result);
    }
  });

  test('server.js traces requests: OpenTelemetry is in the bundle', async () => {
    const traced = { TRACING: 'console', TRACING_SAMPLE_PERCENT: '100' };
    const process = start('server.js', { ...serverEnvironment(database), ...traced });
    const answer = await ask(`${await listeningAddress(process)}/api/v1/openapi.json`);
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(await process.line('"span"'))).toMatchObject({ name: 'GET /api/v1/openapi.json' });
    process.kill('SIGTERM');
    expect(await process.ended).toBe(0);
  });

  test('server.js serves payments, is healthy for health-check.js, and exits with 0 on SIGTERM', async () => {
    const process = startNode(imageCommand(), { directory, environment: serverEnvironment(database) });
    const url = await listeningAddress(process);
    const answer = await ask(`${url}/api/v1/payments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': randomUUID() },
      payload: { amountMinor: 1000, currency: 'EUR', paymentToken: 'tok_approve' },
    });
    expect(answer.statusCode).toBe(201);
    expect((await ask(`${url}/api/v1/openapi.json`)).statusCode).toBe(200);
    expect(await start('health-check.js', { PORT: new URL(url).port }).ended).toBe(0);
    process.kill('SIGTERM');
    expect(await process.ended).toBe(0);
  });

  test('verify-ledger.js exits with 0, or with 1 and the altered row', async () => {
    const { merchantId } = await newMerchant(database, 'Audited merchant');
    await database.superuser.query(
      `INSERT INTO payments.audit_entries (actor, correlation_id, action, merchant_id, target_id)
       VALUES ('operator:' || gen_random_uuid(), 'a-correlation-id', 'merchant.created', $1, $1)`,
      [merchantId],
    );
    await sealAll(database);
    const intact = start('verify-ledger.js', serverEnvironment(database));
    expect(await intact.ended).toBe(0);
    expect(JSON.parse(await intact.line('ledger checked'))).toMatchObject({ findings: 0 });
    const [rowId] = await idsOf(database.superuser, 'audit_entries');
    await tamper(database, `UPDATE payments.audit_entries SET action = 'other' WHERE id = '${rowId ?? ''}'`);
    const altered = start('verify-ledger.js', serverEnvironment(database));
    expect(await altered.ended).toBe(1);
    expect(JSON.parse(await altered.line('the ledger was altered'))).toMatchObject({ name: 'row-changed', rowId });
  });

  test('verify-ledger.js exits with 1 when it cannot read the chains', async () => {
    const process = start('verify-ledger.js', { ...serverEnvironment(database), DATABASE_NAME: 'postgres' });
    expect(await process.ended).toBe(1);
    expect(process.output.join('')).toContain('the ledger could not be checked');
  });

  test('the handler of worker.js returns the messages that it could not consume', async () => {
    const records = [
      {
        messageId: 'm1',
        body: 'no JSON',
        attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'g1' },
        messageAttributes: {},
      },
    ];
    // There is no dead-letter queue, so the message must be redelivered.
    const nowhere = 'http://127.0.0.1:1/queue';
    const queue = { EVENT_QUEUE_URL: nowhere, DEAD_LETTER_QUEUE_URL: nowhere, MAX_RECEIVE_COUNT: '5' };
    const credentials = { AWS_REGION: 'eu-south-2', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const call = `import { handler } from './worker.js';
      console.log('answer', JSON.stringify(await handler({ Records: ${JSON.stringify(records)} })));
      process.exit();`;
    const process = startNode(['--input-type=module', '--eval', call], {
      directory,
      environment: { ...serverEnvironment(database), ...queue, ...credentials, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    });
    expect(await process.line('answer')).toBe('answer {"batchItemFailures":[{"itemIdentifier":"m1"}]}');
    expect(await process.ended).toBe(0);
  });
});
