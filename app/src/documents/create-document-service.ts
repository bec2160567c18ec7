import type { Pool } from 'pg';
import { DirectoryDocumentStore } from './directory-document-store.ts';
import type { DocumentEnvironment } from './document-environment.ts';
import { DocumentService } from './document-service.ts';
import type { DocumentStore } from './document-store.ts';
import { S3DocumentStore } from './s3-document-store.ts';

/** Creates the document service; `undefined` in an environment without a document store. */
export function createDocumentService(
  environment: DocumentEnvironment | undefined,
  pool: Pool,
): DocumentService | undefined {
  if (!environment) return undefined;
  const { storage, retentionDays } = environment;
  return new DocumentService({ pool, store: createStore(storage), retentionDays });
}

function createStore(storage: DocumentEnvironment['storage']): DocumentStore {
  switch (storage.kind) {
    case 'bucket':
      return new S3DocumentStore(storage.bucket);
    case 'directory':
      return new DirectoryDocumentStore(storage.directory, storage.address);
  }
}
