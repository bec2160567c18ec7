import type { Pool } from 'pg';
import { DirectoryDocumentStore } from './directory-document-store.ts';
import type { DocumentEnvironment } from './document-environment.ts';
import { DocumentService } from './document-service.ts';
import type { DocumentStore } from './document-store.ts';
import { S3DocumentStore } from './s3-document-store.ts';

/** The documents of this environment; `undefined` where none are kept. */
export function createDocumentService(
  environment: DocumentEnvironment | undefined,
  pool: Pool,
): DocumentService | undefined {
  if (!environment) return undefined;
  const { place, retentionDays } = environment;
  return new DocumentService({ pool, store: storeAt(place), retentionDays });
}

/** The one place that knows which store serves which kind of place. */
function storeAt(place: DocumentEnvironment['place']): DocumentStore {
  switch (place.kind) {
    case 'bucket':
      return new S3DocumentStore(place.bucket);
    case 'directory':
      return new DirectoryDocumentStore(place.directory, place.address);
  }
}
