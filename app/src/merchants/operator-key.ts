import type { Client, Pool } from 'pg';
import { v7 as uuid } from 'uuid';
import { digest, requireWholeKey } from './merchant-repository.ts';

/** Returns the id of an operator's key; `undefined` when it is unknown or revoked. */
export async function findOperator(pool: Pool, keyDigest: Buffer): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>('SELECT payments.operator_of($1) AS id', [keyDigest]);
  return rows[0]?.id;
}

/**
 * Makes `key` the one valid key that migrations have stored for operators, and revokes those before it. Idempotent. Requires the
 * administrator.
 *
 * @throws when the key has fewer than 32 characters or a wrong checksum
 */
export async function ensureOperatorKey(client: Client, key: string): Promise<void> {
  requireWholeKey('operator key', key);
  await client.query(
    `INSERT INTO payments.operator_keys (id, name, key_hash) VALUES ($1, 'Deployment', $2)
     ON CONFLICT (key_hash) DO UPDATE SET revoked_at = NULL`,
    [uuid(), digest(key)],
  );
  await client.query(
    'UPDATE payments.operator_keys SET revoked_at = now() WHERE key_hash <> $1 AND revoked_at IS NULL',
    [digest(key)],
  );
}
