import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from './db/migrations.ts';
import { clientConfigOf } from './db/pool.ts';
import { readSchemaFiles } from './db/schema-files.ts';
import { readProcessEnvironment, type Environment } from './environment.ts';
import { ensureCanaryKey } from './merchants/canary-merchant.ts';
import { ensureMerchantWithKey } from './merchants/merchant-repository.ts';
import { ensureOperatorKey } from './merchants/operator-key.ts';
import { ensureConnectionString } from './rotation/ensure-connection-string.ts';
import { readSecret } from './secrets/secret-reader.ts';
import { createLogger } from './telemetry/logger.ts';

/*
 * Entry point of the migration task, which runs before each deployment with the administrator's credentials. It applies the schema, stores
 * the API key of the first merchant, the keys of operators and of the canary, and, where configured, the connection string of the API. It exits with 0, or with 1 and the reason.
 */

const connectAttempts = 10;

async function connect(environment: Environment): Promise<pg.Client> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new pg.Client({
      ...clientConfigOf(environment.database, 'schema-migration'),
      statement_timeout: 0,
      query_timeout: 0,
    });
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (attempt === connectAttempts) throw error;
      await sleep(attempt * 500);
    }
  }
}

/** Reads a key from its secret or, on the local platform, from its file. */
async function storedKey(secretArn: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (secretArn !== undefined) return readSecret(secretArn);
  return file === undefined ? undefined : readFileSync(file, 'utf8').trim();
}

const environment = readProcessEnvironment();
const logger = createLogger(environment.logLevel, environment.environmentName);
try {
  const client = await connect(environment);
  try {
    const result = await migrate(client, readSchemaFiles());
    const apiKey = await storedKey(environment.apiKeySecretArn, environment.apiKeyFile);
    if (apiKey !== undefined) await ensureMerchantWithKey(client, 'First merchant', apiKey);
    const operatorKey = await storedKey(environment.operatorKeySecretArn, environment.operatorKeyFile);
    if (operatorKey !== undefined) await ensureOperatorKey(client, operatorKey);
    const { canaryKeySecretArn, database, connectionStringSecretArn } = environment;
    if (canaryKeySecretArn !== undefined) await ensureCanaryKey(client, await readSecret(canaryKeySecretArn));
    if (connectionStringSecretArn !== undefined) {
      const written = await ensureConnectionString(client, database, connectionStringSecretArn);
      logger.info({ secretArn: connectionStringSecretArn, written }, 'connection string verified');
    }
    logger.info(result, 'the schema is up to date');
  } finally {
    await client.end();
  }
} catch (error) {
  logger.fatal({ err: error }, 'schema migration failed');
  process.exitCode = 1;
}
