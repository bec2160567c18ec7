import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/local/embedded-postgres.ts';
import { prepareDatabase } from '../src/local/prepare-database.ts';
import { migrate } from '../src/db/migrations.ts';
import { readSchemaFiles } from '../src/db/schema-files.ts';
import { limitProcessor } from './cpu-quota.ts';
import { imageCommand } from './image-command.ts';
import { listeningPort } from './listening-port.ts';

/** A database and the API, as in production except for the network between them. */
export interface BenchedPlatform {
  readonly port: number;
  readonly apiPid: number;
  readonly postmasterPid: number;
  readonly superuser: pg.Pool;
  /** The environment variables of pgbench and psql. */
  readonly programEnvironment: NodeJS.ProcessEnv;
  readonly directory: string;
  stop(): Promise<void>;
}

/**
 * Server parameters of a production-sized database. Durability is PostgreSQL's default: every commit
 * waits for the disk.
 */
const settings = ['shared_buffers=1GB', 'max_wal_size=8GB', 'checkpoint_timeout=30min', 'max_connections=200'];

/** Starts the API with an empty database. @param vcpu the processors that the API may use @default - all */
export async function startBenchedPlatform(vcpu?: number): Promise<BenchedPlatform> {
  const directory = mkdtempSync(join(tmpdir(), 'payment-platform-bench-'));
  // The unprivileged user that runs PostgreSQL must be able to enter.
  chmodSync(directory, 0o755);
  const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), settings });
  const { host, port, user, password } = postgres;
  const logins = await prepareDatabase(postgres, directory);
  const administrator = new pg.Client({
    host,
    port,
    user: 'administrator',
    password: readFileSync(logins.administrator, 'utf8'),
    database: 'payments',
  });
  await administrator.connect();
  await migrate(administrator, readSchemaFiles());
  await administrator.end();
  await logins.setApiPassword();
  const flags = imageCommand().filter((argument) => argument.startsWith('--'));
  const api = spawn(
    process.execPath,
    [...flags, '--import', 'tsx', join(import.meta.dirname, '..', 'src', 'server.ts')],
    {
      cwd: join(import.meta.dirname, '..'),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        ENVIRONMENT_NAME: 'bench',
        DATABASE_HOST: host,
        DATABASE_PORT: String(port),
        DATABASE_NAME: 'payments',
        DATABASE_USER: 'payments_api',
        DATABASE_AUTHENTICATION: 'password-file',
        DATABASE_PASSWORD_FILE: logins.api,
        DATABASE_TLS: 'disable',
        BIND_ADDRESS: '127.0.0.1',
        PORT: '0',
        TLS: 'off',
        COOKIE_SECURE: 'false',
      },
    },
  );
  const superuser = new pg.Pool({ host, port, user, password, database: 'payments', max: 2 });
  let removeLimit: (() => void) | undefined;
  const end = async () => {
    if (api.exitCode === null && api.signalCode === null) {
      const ended = once(api, 'exit');
      api.kill('SIGTERM');
      await ended;
    }
    removeLimit?.();
    await superuser.end();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  let ending: Promise<void> | undefined;
  const stop = () => (ending ??= end());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  }
  const listening = await listeningPort(api);
  if (vcpu !== undefined) removeLimit = limitProcessor(api.pid ?? 0, vcpu);
  return {
    port: listening,
    apiPid: api.pid ?? 0,
    postmasterPid: Number(readFileSync(join(directory, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]),
    superuser,
    directory,
    programEnvironment: {
      ...process.env,
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: password,
      PGDATABASE: 'payments',
    },
    stop,
  };
}

/** Creates merchants and a key per user. Returns the keys. */
export async function addUsers({ superuser }: BenchedPlatform, merchants: number, users: number): Promise<string[]> {
  const keys = Array.from({ length: users }, (_, index) => `pk_bench_${String(index).padStart(32, '0')}`);
  await superuser.query(
    `INSERT INTO payments.merchants (id, name) SELECT gen_random_uuid(), 'Merchant ' || n FROM generate_series(1, $1) AS n`,
    [merchants],
  );
  await superuser.query(
    `WITH merchant AS (SELECT id, row_number() OVER () - 1 AS n FROM payments.merchants)
     INSERT INTO payments.api_keys (id, merchant_id, key_hash, scopes)
     SELECT gen_random_uuid(), merchant.id, sha256(key::bytea), ARRAY ['payments:read', 'payments:write', 'refunds:write', 'reports:read']
     FROM unnest($1::text[]) WITH ORDINALITY AS k (key, n) JOIN merchant ON merchant.n = k.n % $2`,
    [keys, merchants],
  );
  // Without the payment tables: production never analyzes them while they are empty, and connections would keep the plans.
  await superuser.query('ANALYZE payments.merchants, payments.api_keys');
  return keys;
}
