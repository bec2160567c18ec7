import { randomBytes } from 'node:crypto';

/** A new API key. */
export function newApiKey(): string {
  return `sk_${randomBytes(32).toString('base64url')}`;
}
