import {
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import {
  attachment,
  type DocumentContent,
  type DocumentStore,
  type PresignedRequest,
  presignedRequestSeconds,
  StoreUnavailableError,
} from './document-store.ts';

const checksumHeader = 'x-amz-checksum-sha256';

/**
 * Documents in an S3 bucket, whose default encryption and versioning apply to every upload.
 *
 * Content type, length and checksum are signed headers: S3 returns 403 for other values, and 400 for content that does not match the
 * checksum. Rejected: a presigned POST, which requires multipart/form-data.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/PresignedUrlUploadObject.html
 */
export class S3DocumentStore implements DocumentStore {
  readonly #bucket: string;
  readonly #client: S3Client;

  constructor(bucket: string, options: S3ClientConfig = {}) {
    this.#bucket = bucket;
    this.#client = new S3Client({
      // The merchant provides the checksum. The SDK would compute that of an empty body.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 1000, requestTimeout: 3000 },
      ...options,
    });
  }

  async presignUpload({ key, contentType, sizeBytes, sha256 }: DocumentContent): Promise<PresignedRequest> {
    const checksum = base64Of(sha256);
    const command = new PutObjectCommand({
      ...this.#at(key),
      ContentType: contentType,
      ContentLength: sizeBytes,
      ChecksumSHA256: checksum,
    });
    return this.#signed('PUT', command, { 'content-type': contentType, [checksumHeader]: checksum });
  }

  async presignDownload({ key, contentType }: DocumentContent, name: string): Promise<PresignedRequest> {
    const command = new GetObjectCommand({
      ...this.#at(key),
      ResponseContentDisposition: attachment(name),
      ResponseContentType: contentType,
      ResponseCacheControl: 'private, no-store',
    });
    return this.#signed('GET', command, {});
  }

  async storedAt({ key, sizeBytes, sha256 }: DocumentContent): Promise<Date | undefined> {
    try {
      const found = await this.#client.send(new HeadObjectCommand({ ...this.#at(key), ChecksumMode: 'ENABLED' }));
      const same = found.ContentLength === sizeBytes && found.ChecksumSHA256 === base64Of(sha256);
      return same ? found.LastModified : undefined;
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      const refused = error instanceof S3ServiceException && error.$fault === 'client';
      throw refused ? error : new StoreUnavailableError(error);
    }
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: key };
  }

  async #signed(
    method: PresignedRequest['method'],
    command: PutObjectCommand | GetObjectCommand,
    headers: PresignedRequest['headers'],
  ): Promise<PresignedRequest> {
    // Signatures have a resolution of one second.
    const signingDate = new Date(Math.floor(Date.now() / 1000) * 1000);
    const url = await getSignedUrl(this.#client, command, {
      signingDate,
      expiresIn: presignedRequestSeconds,
      // By default the signer does not sign the content type, and moves the checksum into the URL, where the client may remove it.
      signableHeaders: new Set(['host', 'content-length', ...Object.keys(headers)]),
      unhoistableHeaders: new Set([checksumHeader]),
    });
    return {
      method,
      url,
      headers,
      expiresAt: new Date(signingDate.getTime() + presignedRequestSeconds * 1000).toISOString(),
    };
  }
}

/** S3 encodes checksums in base64. */
function base64Of(hexadecimal: string): string {
  return Buffer.from(hexadecimal, 'hex').toString('base64');
}
