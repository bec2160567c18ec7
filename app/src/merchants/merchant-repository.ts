import { hash } from 'node:crypto';
import type { Client, Pool } from 'pg';
import { v7 as uuid } from 'uuid';
import { isDamagedApiKey } from './api-key.ts';
import { type Person, type Role, type Scope, scopes, scopesOf } from './roles.ts';

/** The authenticated merchant of a request, and who acts for it. */
export interface Principal {
  readonly merchantId: string;
  readonly merchantName: string;
  readonly scopes: readonly Scope[];
  readonly holder: Holder;
  readonly expiresAt: Date | null;
}

/** Who acts for a merchant: the holder of an API key, or a person whom the identity provider has signed in. */
export type Holder =
  { readonly kind: 'key'; readonly id: string; readonly name: string } | ({ readonly kind: 'person' } & Person);

/** The credential of a request. Only the digest of the secret leaves the process. */
export interface Credential {
  readonly kind: 'key' | 'session';
  readonly digest: Buffer;
}

/** The SHA-256 of a key or session token, which the database stores. These secrets have high entropy, so no salt or slow hash is needed. */
export function digest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

interface HolderRow extends Pick<Principal, 'merchantId' | 'merchantName' | 'scopes' | 'expiresAt'> {
  readonly digest: Buffer;
  readonly ofSession: boolean;
  readonly apiKeyId: string;
  readonly apiKeyName: string;
  readonly subject: string;
  readonly name: string;
  /** `null`: the credential is that of an API key. */
  readonly role: Role | null;
}

/** Returns the merchant of each credential, in their order; `undefined` for each that is unknown, expired or revoked. */
export async function findPrincipals(
  pool: Pool,
  credentials: readonly Credential[],
): Promise<(Principal | undefined)[]> {
  const { rows } = await pool.query<HolderRow>({
    name: 'merchants-of',
    text: `SELECT digest, of_session AS "ofSession", merchant_id AS "merchantId", merchant_name AS "merchantName", scopes,
             api_key_id AS "apiKeyId", api_key_name AS "apiKeyName", person_subject AS subject, person_name AS name,
             person_role AS role, expires_at AS "expiresAt"
           FROM payments.merchants_of($1, $2)`,
    values: [digestsOf(credentials, 'key'), digestsOf(credentials, 'session')],
  });
  const holders = new Map(
    rows.map((row) => [placeOf({ kind: row.ofSession ? 'session' : 'key', digest: row.digest }), principalOf(row)]),
  );
  return credentials.map((credential) => holders.get(placeOf(credential)));
}

function principalOf(row: HolderRow): Principal {
  const { merchantId, merchantName, expiresAt, subject, name, role } = row;
  const merchant = { merchantId, merchantName, expiresAt };
  return role === null
    ? { ...merchant, scopes: row.scopes, holder: { kind: 'key', id: row.apiKeyId, name: row.apiKeyName } }
    : { ...merchant, scopes: scopesOf(role), holder: { kind: 'person', subject, name, role } };
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

/** How long a session of a person lasts. */
export interface PersonSessionLimits {
  readonly idleMinutes: number;
  /** However much it is used. */
  readonly maxMinutes: number;
}

/** Creates a session of a person. Returns its expiry by the database clock; `undefined` when the merchant is unknown or suspended. */
export async function openPersonSession(
  pool: Pool,
  token: string,
  merchantId: string,
  { subject, name, role }: Person,
  { idleMinutes, maxMinutes }: PersonSessionLimits,
): Promise<Date | undefined> {
  const { rows } = await pool.query<{ endsAt: Date | null }>(
    'SELECT payments.open_person_session($1, $2, $3, $4, $5, $6, $7) AS "endsAt"',
    [digest(token), merchantId, subject, name, role, idleMinutes, maxMinutes],
  );
  return rows[0]?.endsAt ?? undefined;
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
