import { hash } from 'node:crypto';
import type { Client, Pool } from 'pg';
import { v7 as uuid } from 'uuid';
import { isDamagedApiKey } from './api-key.ts';

/** The permissions of an API key or a session. */
export const scopes = [
  'payments:read',
  'payments:write',
  'refunds:write',
  'reports:read',
  'keys:write',
  'webhooks:write',
] as const;
export type Scope = (typeof scopes)[number];

/** The authenticated merchant of a request. */
export interface Principal {
  readonly merchantId: string;
  readonly merchantName: string;
  readonly scopes: readonly Scope[];
  readonly apiKeyId: string;
  readonly expiresAt: Date | null;
}

/** The credential of a request. Only the digest of the secret leaves the process. */
export interface Credential {
  readonly kind: 'key' | 'session';
  readonly digest: Buffer;
}

/** The SHA-256 of a key or session token, which the database stores. These secrets have high entropy, so no salt or slow hash is needed. */
export function digest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

interface HolderRow extends Principal {
  readonly digest: Buffer;
  readonly ofSession: boolean;
}

/** Returns the merchant of each credential, in their order; `undefined` for each that is unknown, expired or revoked. */
export async function findPrincipals(
  pool: Pool,
  credentials: readonly Credential[],
): Promise<(Principal | undefined)[]> {
  const { rows } = await pool.query<HolderRow>({
    name: 'merchants-of',
    text: `SELECT digest, of_session AS "ofSession", merchant_id AS "merchantId", merchant_name AS "merchantName", scopes,
             api_key_id AS "apiKeyId", expires_at AS "expiresAt"
           FROM payments.merchants_of($1, $2)`,
    values: [digestsOf(credentials, 'key'), digestsOf(credentials, 'session')],
  });
  const holders = new Map(
    rows.map(({ digest: found, ofSession, ...principal }) => [
      placeOf({ kind: ofSession ? 'session' : 'key', digest: found }),
      principal,
    ]),
  );
  return credentials.map((credential) => holders.get(placeOf(credential)));
}

function digestsOf(credentials: readonly Credential[], kind: Credential['kind']): Buffer[] {
  const wanted = credentials.filter((credential) => credential.kind === kind);
  return [...new Map(wanted.map((credential) => [placeOf(credential), credential.digest])).values()];
}

function placeOf({ kind, digest: found }: Credential): string {
  return `${kind} ${found.toString('base64')}`;
}

/** Creates a session for an API key. Returns its expiry by the database clock, which also decides when it is expired. */
export async function openSession(pool: Pool, token: string, apiKeyId: string, minutes: number): Promise<Date> {
  const { rows } = await pool.query<{ endsAt: Date }>(
    `WITH session AS (SELECT now() + make_interval(mins => $3) AS ends_at)
     SELECT ends_at AS "endsAt", payments.open_session($1, $2, ends_at) FROM session`,
    [digest(token), apiKeyId, minutes],
  );
  const [opened] = rows;
  if (!opened) throw new Error('payments.open_session returned no row.');
  return opened.endsAt;
}

/** Ends a session. Idempotent. */
export async function closeSession(pool: Pool, token: string): Promise<void> {
  await pool.query('SELECT payments.close_session($1)', [digest(token)]);
}

/** @throws when a key that an operator has chosen is short or damaged */
export function requireWholeKey(what: string, key: string): void {
  if (key.length < 32) throw new Error(`The ${what} has ${key.length} characters; it needs 32 or more.`);
  if (isDamagedApiKey(key))
    throw new Error(`The ${what} starts with ${key.slice(0, 3)}, but its checksum is wrong. Store the complete key.`);
}

/**
 * Creates a merchant and its API key, if they do not exist. Requires the administrator.
 *
 * @returns the id of the merchant
 * @throws when the key has fewer than 32 characters or a wrong checksum
 */
export async function ensureMerchantWithKey(client: Client, merchantName: string, apiKey: string): Promise<string> {
  requireWholeKey('first API key', apiKey);
  await client.query('INSERT INTO payments.merchants (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [
    uuid(),
    merchantName,
  ]);
  const { rows } = await client.query<{ id: string }>('SELECT id FROM payments.merchants WHERE name = $1', [
    merchantName,
  ]);
  const merchantId = rows[0]?.id ?? '';
  await client.query(
    'INSERT INTO payments.api_keys (id, merchant_id, key_hash, scopes) VALUES ($1, $2, $3, $4) ON CONFLICT (key_hash) DO NOTHING',
    [uuid(), merchantId, digest(apiKey), [...scopes]],
  );
  return merchantId;
}
