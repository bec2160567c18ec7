import { readFileSync } from 'node:fs';
import pg from 'pg';
import { DirectoryDocumentStore } from '../../documents/directory-document-store.ts';
import { DocumentService } from '../../documents/document-service.ts';
import type { EmbeddedPostgres } from '../embedded-postgres.ts';
import { asSuperuser } from '../prepare-database.ts';
import { moveToThePast } from './move-to-the-past.ts';
import { seedDemoData } from './seed-demo-data.ts';

/** The running document server. */
export interface DemoDocuments {
  readonly directory: string;
  readonly address: string;
  readonly retentionDays: number;
}

/** Fills a new database with two months of payments of the demo merchant. Nothing else may use the database meanwhile. */
export async function addDemoData(
  postgres: EmbeddedPostgres,
  apiPasswordFile: string,
  merchantId: string,
  { directory, address, retentionDays }: DemoDocuments,
): Promise<void> {
  const { host, port } = postgres;
  const password = readFileSync(apiPasswordFile, 'utf8');
  const store = new DirectoryDocumentStore(directory, address);
  const pool = new pg.Pool({ host, port, user: 'payments_api', password, database: 'payments', max: 10 });
  try {
    await asSuperuser(postgres, 'payments', async (client) => {
      const documents = new DocumentService({ pool, store, retentionDays });
      await moveToThePast(client, await seedDemoData({ pool, documents, merchantId }));
    });
  } finally {
    await pool.end();
  }
}
