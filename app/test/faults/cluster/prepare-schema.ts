import { spawnSync } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateApiKey } from '../../../src/merchants/api-key.ts';
import { scopes } from '../../../src/merchants/roles.ts';
import type { Merchant } from '../load/purchase.ts';
import type { Database } from './database.ts';
import { databaseEnvironment } from './instance.ts';

/** The login of the API, and the name of its password file. */
export const apiLogin = 'payments_api';
const administrator = 'administrator';

/** Runs the migrations and creates two merchants with a key each. */
export async function prepareSchema(database: Database, directory: string): Promise<Merchant[]> {
  const setPassword = async (login: string) => {
    const password = randomBytes(24).toString('hex');
    writeFileSync(join(directory, login), password, { mode: 0o600 });
    await database.run(`ALTER ROLE ${login} PASSWORD '${password}'`, [], 'postgres');
  };
  await database.run(`CREATE ROLE ${administrator} LOGIN CREATEROLE CREATEDB`, [], 'postgres');
  await database.run(`CREATE DATABASE payments OWNER ${administrator}`, [], 'postgres');
  await setPassword(administrator);
  migrate(database, directory);
  await setPassword(apiLogin);
  return Promise.all([newMerchant(database, 'First'), newMerchant(database, 'Second')]);
}

function migrate(database: Database, directory: string): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(directory, 'bundles', 'migrate.js')], {
    env: {
      PATH: process.env['PATH'],
      ...databaseEnvironment(database.port, administrator, join(directory, administrator)),
    },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The schema could not be made:\n${stdout}${stderr}`);
}

async function newMerchant(database: Database, name: string): Promise<Merchant> {
  const merchant = { id: randomUUID(), apiKey: generateApiKey() };
  const digest = createHash('sha256').update(merchant.apiKey).digest();
  await database.run('INSERT INTO payments.merchants (id, name) VALUES ($1, $2)', [merchant.id, name]);
  await database.run('INSERT INTO payments.api_keys (id, merchant_id, key_hash, scopes) VALUES ($1, $2, $3, $4)', [
    randomUUID(),
    merchant.id,
    digest,
    scopes,
  ]);
  return merchant;
}
