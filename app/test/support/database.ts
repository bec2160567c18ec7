import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { templateName } from '../global-setup.ts';

/** A database of its own for one test file. */
export interface TestDatabase {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Owns the database, and is no superuser. */
  readonly administrator: pg.Pool;
  /** Bypasses everything: for looking at what is really there. */
  readonly superuser: pg.Pool;
  readonly api: pg.Pool;
  /** The second login of the API. */
  readonly alternate: pg.Pool;
  readonly worker: pg.Pool;
  /** Looks into restored copies. */
  readonly drill: pg.Pool;
  /** Adds and revokes rotated API keys. */
  readonly keyRotation: pg.Pool;
  drop(): Promise<void>;
}

/** Copies the migrated template, or another one: `template0` is empty. */
export async function createTestDatabase(template = templateName): Promise<TestDatabase> {
  const { host, port, user, password } = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const server = new pg.Client({ host, port, user, password, database: 'postgres' });
  await server.connect();
  await server.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER administrator`);
  const pool = (login: string, secret: string) =>
    // Dropping the database ends connections that are idle just then.
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
