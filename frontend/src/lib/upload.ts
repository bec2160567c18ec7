import type { DocumentRegistration } from '@payment-platform/app/api-types';

type PresignedRequest = NonNullable<DocumentRegistration['upload']>;

/** The upload failed. Its message is shown to the user. */
class UploadFailed extends Error {
  constructor(why: string) {
    super(`The file was not uploaded: ${why}. Try again.`);
    this.name = 'UploadFailed';
  }
}

/** Returns the SHA-256 of a file, hexadecimal. */
export async function sha256Of(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Sends a presigned upload request. It uses XMLHttpRequest, because `fetch` reports no upload progress.
 *
 * @param onProgress receives the progress, 0 to 1
 * @throws UploadFailed when the store rejects the upload or cannot be reached
 */
export function upload(
  { method, url, headers }: PresignedRequest,
  file: Blob,
  onProgress: (share: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => {
      onProgress(total === 0 ? 0 : loaded / total);
    };
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new UploadFailed(`the document store returned status ${request.status}`));
    };
    request.onerror = () => {
      reject(new UploadFailed('the document store cannot be reached'));
    };
    request.send(file);
  });
}
