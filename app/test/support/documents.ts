import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PresignedRequest } from '../../src/documents/document-store.ts';
import { DirectoryDocumentStore } from '../../src/documents/directory-document-store.ts';
import { DocumentDirectory } from '../../src/documents/document-directory.ts';
import { buildDocumentServer } from '../../src/local/document-server.ts';

/** The local document store, without a port. */
export interface TestDocuments {
  readonly directory: string;
  readonly store: DirectoryDocumentStore;
  readonly server: FastifyInstance;
  /** Sends a presigned request with the given changes. */
  make(
    request: PresignedRequest,
    content?: string | Buffer,
    headers?: Readonly<Record<string, string>>,
  ): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** Creates a document store in a temporary directory. `now` is the clock of its server. */
export async function startDocuments(now?: () => number): Promise<TestDocuments> {
  const directory = mkdtempSync(join(tmpdir(), 'documents-'));
  const server = await buildDocumentServer(DocumentDirectory.prepare(directory), now);
  return {
    directory,
    server,
    store: new DirectoryDocumentStore(directory, 'http://127.0.0.1:1'),
    make: ({ method, url, headers }, content, changed = {}) =>
      server.inject({
        method,
        url: url.slice(new URL(url).origin.length),
        headers: { ...headers, ...changed },
        ...(content !== undefined && { payload: content }),
      }),
    async close() {
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** The registration of this content. */
export function described(content: string | Buffer, name = 'invoice.pdf') {
  return {
    name,
    contentType: 'application/pdf',
    sizeBytes: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
  } as const;
}
