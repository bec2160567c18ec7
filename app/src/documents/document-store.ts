/** The content of a document: its object key, type, length and checksum. */
export interface DocumentContent {
  /** The object key. */
  readonly key: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** A presigned request. It needs no other credential until it expires. */
export interface PresignedRequest {
  readonly method: 'PUT' | 'GET';
  readonly url: string;
  /** The signed headers. The request must send them unchanged. */
  readonly headers: Readonly<Record<string, string>>;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

/**
 * The validity of a presigned request. A signature is valid only as long as the credentials that signed it, and the SDK renews the
 * credentials of a task five minutes before they expire.
 */
export const presignedRequestSeconds = 300;

/** The storage of document contents. The API only signs requests; contents do not pass through it. */
export interface DocumentStore {
  /** A request that uploads this content. The store rejects another type, length or checksum. */
  presignUpload(content: DocumentContent): Promise<PresignedRequest>;
  /** A request that downloads the content as an attachment with this file name. */
  presignDownload(content: DocumentContent, name: string): Promise<PresignedRequest>;
  /**
   * Returns when this content was stored; `undefined` if it is not stored, or length or checksum differ.
   *
   * @throws StoreUnavailableError when the store does not respond
   */
  storedAt(content: DocumentContent): Promise<Date | undefined>;
}

/** The store is temporarily unavailable. */
export class StoreUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The document store does not respond.', { cause });
    this.name = 'StoreUnavailableError';
  }
}

/**
 * The Content-Disposition that makes a browser save a file instead of displaying it.
 *
 * @see RFC 6266, section 4.3: `filename*`, with an ASCII `filename` as fallback
 */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
