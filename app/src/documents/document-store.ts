/** The content of one document: where it lies, and exactly what it must be. */
export interface DocumentContent {
  readonly key: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** A request that whoever holds it may make, until it expires, without any other credential. */
export interface SignedRequest {
  readonly method: 'PUT' | 'GET';
  readonly url: string;
  /** To be sent as they stand; the signature holds for no others. */
  readonly headers: Readonly<Record<string, string>>;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

/**
 * How long a signed request is good for. The SDK renews the credentials of a task five minutes before they end, and a signature is
 * worth no more than the credentials behind it: so five minutes is what can be promised.
 */
export const signedRequestSeconds = 300;

/** Where documents lie. The API signs requests for it and never carries a document itself. */
export interface DocumentStore {
  /** A request that stores exactly this content: the store refuses another type, length or checksum. */
  uploadRequest(content: DocumentContent): Promise<SignedRequest>;
  /** A request that fetches the content as a file of this name, never as a page. */
  downloadRequest(content: DocumentContent, name: string): Promise<SignedRequest>;
  /**
   * When exactly this content was stored; `undefined` while it is not there.
   *
   * @throws StoreUnavailableError when the store does not answer
   */
  storedAt(content: DocumentContent): Promise<Date | undefined>;
}

/** The store does not answer at the moment. */
export class StoreUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The document store does not answer.', { cause });
    this.name = 'StoreUnavailableError';
  }
}

/**
 * The Content-Disposition by which a browser saves a file instead of showing it.
 *
 * @see RFC 6266, section 4.3: `filename*` for whoever reads it, an ASCII `filename` for whoever does not
 */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
