/** What may be kept of a payment: nothing that a browser would run. */
export const contentTypes = ['application/pdf', 'image/jpeg', 'image/png', 'text/csv', 'text/plain'] as const;

/** The largest document, in bytes. */
export const maxSizeBytes = 10 * 1024 * 1024;

/** Nothing was uploaded yet; it lies in the store; the store has let go of it after its time. */
export const documentStatuses = ['pending', 'stored', 'expired'] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

/** What a merchant says of a document before uploading it. */
export interface NewDocument {
  readonly name: string;
  readonly contentType: (typeof contentTypes)[number];
  readonly sizeBytes: number;
  /** SHA-256 of the content, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** A document as it is registered. It never changes, but for the moment at which its content was found in the store. */
export interface RegisteredDocument extends Omit<NewDocument, 'contentType'> {
  readonly id: string;
  readonly paymentId: string;
  readonly contentType: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly storedAt: string | null;
}

/** A document as its merchant sees it. */
export interface Document extends RegisteredDocument {
  readonly status: DocumentStatus;
  /** When the store lets go of it; `null` while nothing is stored. */
  readonly expiresAt: string | null;
}

const dayMilliseconds = 86_400_000;

/** What the merchant is told of a registered document that is kept for `retentionDays` once it is stored. */
export function toPublicDocument(document: RegisteredDocument, retentionDays: number, now = Date.now()): Document {
  const { storedAt } = document;
  if (storedAt === null) return { ...document, status: 'pending', expiresAt: null };
  const end = Date.parse(storedAt) + retentionDays * dayMilliseconds;
  return { ...document, status: now < end ? 'stored' : 'expired', expiresAt: new Date(end).toISOString() };
}

/** Where the content lies: ids alone, because keys stand in access logs and inventories. */
export function objectKey(merchantId: string, { paymentId, id }: Pick<RegisteredDocument, 'paymentId' | 'id'>): string {
  return `documents/${merchantId}/${paymentId}/${id}`;
}
