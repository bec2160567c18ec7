import type { DocumentRegistration } from '@payment-platform/app/contract';

type PresignedRequest = NonNullable<DocumentRegistration['upload']>;

/** The store has not taken the content. */
class UploadFailed extends Error {
  constructor(why: string) {
    super(`The file was not uploaded: ${why}. Try again.`);
    this.name = 'UploadFailed';
  }
}

/** The SHA-256 of a file, hexadecimal, as the API wants it. */
export async function sha256Of(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Makes a signed upload request. Not by `fetch`, which does not tell how far it is.
 *
 * @param onProgress told the share that has been sent, 0 to 1
 * @throws UploadFailed when the store refuses or cannot be reached
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
      else reject(new UploadFailed(`its store answered with status ${request.status}`));
    };
    request.onerror = () => {
      reject(new UploadFailed('its store cannot be reached'));
    };
    request.send(file);
  });
}
