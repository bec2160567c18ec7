import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { templateName } from '../global-setup.ts';

/** The database of a test file. */
export interface TestDatabase {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Owns the database, but is not a superuser. */
  readonly administrator: pg.Pool;
  /** Bypasses row-level security. */
  readonly superuser: pg.Pool;
  readonly api: pg.Pool;
  /** The alternate login of the API. */
  readonly alternate: pg.Pool;
  readonly worker: pg.Pool;
  /** The login of the restore drill. */
  readonly drill: pg.Pool;
  /** The login of the API key rotation. */
  readonly keyRotation: pg.Pool;
  drop(): Promise<void>;
}

/** Creates a database from the migrated template, or another one: `template0` is empty. */
export async function createTestDatabase(template = templateName): Promise<TestDatabase> {
  const { host, port, user, password } = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const server = new pg.Client({ host, port, user, password, database: 'postgres' });
  await server.connect();
  await server.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER administrator`);
  const pool = (login: string, secret: string) =>
    // Dropping the database terminates idle connections.
    new pg.Pool({ host, port, user: login, password: secret, database: name, max: 20 }).on('error', () => undefined);
  const pools = {
    administrator: pool('administrator', 'administrator'),
    superuser: pool(user, password),
    api: pool('payments_api', 'api'),
    alternate: pool('payments_api_alternate', 'alternate'),
    worker: pool('payments_worker', 'worker'),
    drill: pool('payments_drill', 'drill'),
    keyRotation: pool('payments_key_rotation', 'key-rotation'),
  };
  return {
    ...pools,
    name,
    host,
    port,
    async drop() {
      await Promise.all(Object.values(pools).map((each) => each.end()));
      await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await server.end();
    },
  };
}
