import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withConnection } from '../src/db/with-connection.ts';
import { startTestServer } from '../test/support/test-server.ts';
import { schemaPage } from './schema-page.ts';

/* `npm run schema`: migrates an empty database and describes it in schema.sql. A test fails when the file is out of date. */

const server = await startTestServer({ databaseName: 'payments' });
try {
  const page = await withConnection({ ...server, database: 'payments' }, schemaPage);
  writeFileSync(join(import.meta.dirname, 'schema.sql'), page);
} finally {
  await server.stop();
}
