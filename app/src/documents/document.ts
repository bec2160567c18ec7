/** The accepted content types: none that a browser executes. */
export const contentTypes = ['application/pdf', 'image/jpeg', 'image/png', 'text/csv', 'text/plain'] as const;

/** The maximum size of a document, 10 MiB. */
export const maxSizeBytes = 10 * 1024 * 1024;

/** `pending`: not uploaded yet. `expired`: deleted by the lifecycle rule of the store. */
export const documentStatuses = ['pending', 'stored', 'expired'] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

/** The registration of a document, before its upload. */
export interface NewDocument {
  readonly name: string;
  readonly contentType: (typeof contentTypes)[number];
  readonly sizeBytes: number;
  /** SHA-256 of the content, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** A document in the database. Only `storedAt` ever changes, once. */
export interface RegisteredDocument extends Omit<NewDocument, 'contentType'> {
  readonly id: string;
  readonly paymentId: string;
  readonly contentType: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly storedAt: string | null;
}

/** A document as the API returns it. */
export interface Document extends RegisteredDocument {
  readonly status: DocumentStatus;
  /** When the store deletes the document, RFC 3339; `null` while it is pending. */
  readonly expiresAt: string | null;
}

const dayMilliseconds = 86_400_000;

/** Returns a document as the API shows it. Its retention of `retentionDays` starts with the upload. */
export function toPublicDocument(document: RegisteredDocument, retentionDays: number, now = Date.now()): Document {
  const { storedAt } = document;
  if (storedAt === null) return { ...document, status: 'pending', expiresAt: null };
  const end = Date.parse(storedAt) + retentionDays * dayMilliseconds;
  return { ...document, status: now < end ? 'stored' : 'expired', expiresAt: new Date(end).toISOString() };
}

/** The object key of a document. It contains ids only, because access logs and inventories contain keys. */
export function objectKey(merchantId: string, { paymentId, id }: Pick<RegisteredDocument, 'paymentId' | 'id'>): string {
  return `documents/${merchantId}/${paymentId}/${id}`;
}
