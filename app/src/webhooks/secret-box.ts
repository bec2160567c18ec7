import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const keyLength = 32;
const nonceLength = 12;
const tagLength = 16;
const shortestKey = 32;

/**
 * Seals signing secrets for the database, which does not have the key. AES-256-GCM with a random nonce; the nonce and the tag are stored
 * with the text.
 */
export class SecretBox {
  readonly #key: Buffer;

  /** @throws when the key has fewer than 32 characters */
  constructor(key: string) {
    if (key.length < shortestKey)
      throw new Error(`The webhook key has ${key.length} characters; it needs ${shortestKey} or more.`);
    this.#key = Buffer.from(hkdfSync('sha256', key, '', 'webhook signing secrets', keyLength));
  }

  /** @param owner who owns the secret: only the same owner can open it, so secrets cannot be exchanged in the database */
  seal(owner: string, secret: string): Buffer {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv(algorithm, this.#key, nonce).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws when another key or another owner sealed the secret, or when it was changed */
  open(owner: string, sealed: Buffer): string {
    const nonce = sealed.subarray(0, nonceLength);
    const tag = sealed.subarray(nonceLength, nonceLength + tagLength);
    const decipher = createDecipheriv(algorithm, this.#key, nonce, { authTagLength: tagLength });
    decipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
    return decipher.update(sealed.subarray(nonceLength + tagLength), undefined, 'utf8') + decipher.final('utf8');
  }
}
