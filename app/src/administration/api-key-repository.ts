import type { Pool, PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';
import { isoTime } from '../db/iso-time.ts';
import type { Position } from '../db/newest-first.ts';
import { digest } from '../merchants/merchant-repository.ts';
import type { Scope } from '../merchants/roles.ts';
import { generateApiKey } from '../merchants/api-key.ts';
import type { Actor } from './actor.ts';

/** An API key without its secret. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: Scope[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** Exact to a minute or two. */
  readonly lastUsedAt: string | null;
}

/** What a new key may do, and until when. */
export interface NewApiKey {
  readonly name: string;
  readonly scopes: Scope[];
  /** ISO 8601; `null`: the key does not expire. */
  readonly expiresAt: string | null;
}

/** A new key. Its secret is shown this once; the database stores a digest. */
export interface IssuedApiKey extends ApiKey {
  readonly secret: string;
}

type Database = Pick<Pool | PoolClient, 'query'>;

const columns = `id, name, scopes, ${isoTime('created_at')} AS "createdAt", ${isoTime('expires_at')} AS "expiresAt",
  ${isoTime('revoked_at')} AS "revokedAt", ${isoTime('last_used_at')} AS "lastUsedAt"`;

/** Returns keys of a merchant, newest first, from a position on. */
export async function listApiKeys(
  database: Database,
  merchantId: string,
  after: Position | undefined,
  limit: number,
): Promise<ApiKey[]> {
  const { rows } = await database.query<ApiKey>(`SELECT ${columns} FROM payments.list_api_keys($1, NULL, $2, $3, $4)`, [
    merchantId,
    after?.createdAt,
    after?.id,
    limit,
  ]);
  return rows;
}

/** Returns one key; `undefined` if the merchant has no such key. */
export async function findApiKey(database: Database, merchantId: string, id: string): Promise<ApiKey | undefined> {
  const { rows } = await database.query<ApiKey>(
    `SELECT ${columns} FROM payments.list_api_keys($1, $2, NULL, NULL, 1)`,
    [merchantId, id],
  );
  return rows[0];
}

/** Issues a key. Returns `undefined` if the merchant does not exist. */
export async function issueApiKey(
  database: Database,
  { name: actor, correlationId }: Actor,
  merchantId: string,
  { name, scopes, expiresAt }: NewApiKey,
): Promise<IssuedApiKey | undefined> {
  const [id, secret] = [uuid(), generateApiKey()];
  await database.query('SELECT payments.issue_api_key($1, $2, $3, $4, $5, $6, $7, $8)', [
    actor,
    correlationId,
    merchantId,
    id,
    name,
    digest(secret),
    scopes,
    expiresAt,
  ]);
  const issued = await findApiKey(database, merchantId, id);
  return issued && { ...issued, secret };
}

/**
 * Lets a key end. Does nothing to a key that has ended.
 *
 * @param seconds 0 revokes the key immediately
 * @returns the key; `undefined` if the merchant has no such key
 */
export async function endApiKey(
  database: Database,
  { name: actor, correlationId }: Actor,
  merchantId: string,
  id: string,
  seconds: number,
): Promise<ApiKey | undefined> {
  await database.query('SELECT payments.end_api_key($1, $2, $3, $4, $5)', [
    actor,
    correlationId,
    merchantId,
    id,
    seconds,
  ]);
  return findApiKey(database, merchantId, id);
}
