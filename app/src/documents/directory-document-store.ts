import {
  attachment,
  type DocumentContent,
  type DocumentStore,
  type PresignedRequest,
  presignedRequestSeconds,
} from './document-store.ts';
import { DocumentDirectory } from './document-directory.ts';
import { sign } from './request-signature.ts';

/** The header with the base64 SHA-256 checksum of an upload, as in S3. */
export const checksumHeader = 'x-amz-checksum-sha256';

/** Documents in a local directory, behind the document server, with the same errors as S3. */
export class DirectoryDocumentStore implements DocumentStore {
  readonly #directory: DocumentDirectory;
  readonly #address: string;

  /**
   * @param address the URL of the document server: `http://127.0.0.1:PORT`
   */
  constructor(directory: string, address: string) {
    this.#directory = new DocumentDirectory(directory);
    this.#address = address;
  }

  async presignUpload({ key, contentType, sizeBytes, sha256 }: DocumentContent): Promise<PresignedRequest> {
    const headers = {
      'content-type': contentType,
      [checksumHeader]: Buffer.from(sha256, 'hex').toString('base64'),
    };
    return { headers, ...this.#signed('PUT', key, { ...headers, 'content-length': String(sizeBytes) }, {}) };
  }

  async presignDownload({ key, contentType }: DocumentContent, name: string): Promise<PresignedRequest> {
    const answer = { 'content-type': contentType, 'content-disposition': attachment(name) };
    return { headers: {}, ...this.#signed('GET', key, answer, answer) };
  }

  async storedAt({ key, sizeBytes, sha256 }: DocumentContent): Promise<Date | undefined> {
    const found = await this.#directory.find(key);
    return found?.sizeBytes === sizeBytes && found.sha256 === sha256 ? found.storedAt : undefined;
  }

  #signed(
    method: PresignedRequest['method'],
    key: string,
    values: Readonly<Record<string, string>>,
    shown: Readonly<Record<string, string>>,
  ): Omit<PresignedRequest, 'headers'> {
    const expires = Math.floor(Date.now() / 1000) + presignedRequestSeconds;
    const signature = sign(this.#directory.secret, { method, key, expires, values });
    const query = new URLSearchParams({ ...shown, expires: String(expires), signature });
    return {
      method,
      url: `${this.#address}/${key}?${query.toString()}`,
      expiresAt: new Date(expires * 1000).toISOString(),
    };
  }
}
