import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** The prefix of Standard Webhooks, by which secret scanners recognize a signing secret. */
const prefix = 'whsec_';
const secretBytes = 32;

/** A new random signing secret, in the format of Standard Webhooks. */
export function generateSigningSecret(): string {
  return prefix + randomBytes(secretBytes).toString('base64');
}

/**
 * The headers that sign a body as Standard Webhooks says.
 *
 * @param id the id of the event, the same in every attempt, so that receivers can detect duplicates
 * @param secrets the signature has one part for each, so a receiver may know the old secret or the new one while it is rolled
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signatureHeaders(
  id: string,
  body: string,
  secrets: readonly string[],
  now = new Date(),
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  };
}
