import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const keyLength = 32;
const nonceLength = 12;
const tagLength = 16;
const shortestKey = 32;

/** What a key is for. Boxes of different uses cannot open each other's secrets, even with the same key. */
export type SecretUse = 'webhook signing secrets' | 'sign-ins in progress';

const keyNames: Readonly<Record<SecretUse, string>> = {
  'webhook signing secrets': 'webhook key',
  'sign-ins in progress': 'client secret of OpenID Connect',
};

/**
 * Seals secrets for a place that must not read or change them, such as the database. AES-256-GCM with a random nonce; the nonce and the
 * tag are stored with the text.
 */
export class SecretBox {
  readonly #key: Buffer;

  /** @throws when the key has fewer than 32 characters */
  constructor(key: string, use: SecretUse) {
    if (key.length < shortestKey)
      throw new Error(`The ${keyNames[use]} has ${key.length} characters; it needs ${shortestKey} or more.`);
    this.#key = Buffer.from(hkdfSync('sha256', key, '', use, keyLength));
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
