import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { buildPrograms } from '../src/local/program-build.ts';
import { buildSite } from '../src/local/site-build.ts';
import { startTestServer } from './support/test-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { host: string; port: number; user: string; password: string };
  }
}

/** The template of the test databases. It is migrated once by an administrator that is not a superuser, as on RDS. */
export const templateName = 'payments_template';

/** Starts one PostgreSQL for all test files, bundles the programs, and builds the console for the local platform. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Before the tests, because concurrent platforms would build into the same directories.
  const root = join(import.meta.dirname, '..', '..');
  buildSite(root, () => undefined);
  await buildPrograms(root, () => undefined);
  const server = await startTestServer({ databaseName: templateName });
  const { host, port, user, password } = server;
  const superuser = new pg.Client({ host, port, user, password, database: 'postgres' });
  await superuser.connect();
  await superuser.query(
    `ALTER ROLE payments_api PASSWORD 'api'; ALTER ROLE payments_worker PASSWORD 'worker';
     ALTER ROLE payments_api_alternate LOGIN PASSWORD 'alternate'; ALTER ROLE payments_drill PASSWORD 'drill';
     ALTER ROLE payments_key_rotation PASSWORD 'key-rotation'`,
  );
  await superuser.end();
  project.provide('postgres', { host, port, user, password });
  return () => server.stop();
}
