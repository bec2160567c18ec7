import type { Client } from 'pg';
import { v7 as uuid } from 'uuid';
import { digest } from './merchant-repository.ts';

/** Adds the key `added` with merchant and scopes of the key `known`. Idempotent. Returns the merchant id; `undefined` for an unknown key. */
export async function addRotatedKey(client: Client, known: string, added: string): Promise<string | undefined> {
  const { rows } = await client.query<{ merchantId: string }>(
    'SELECT payments.add_rotated_key($1, $2, $3) AS "merchantId"',
    [uuid(), digest(known), digest(added)],
  );
  return rows[0]?.merchantId;
}

/** Whether the API accepts this key, unless its merchant is suspended. */
export async function isValidKey(client: Client, key: string): Promise<boolean> {
  const { rows } = await client.query<{ isValid: boolean }>('SELECT payments.is_rotated_key_valid($1) AS "isValid"', [
    digest(key),
  ]);
  return rows[0]?.isValid === true;
}

/** Revokes a key and its sessions. Idempotent. */
export async function revokeKey(client: Client, key: string): Promise<void> {
  await client.query('SELECT payments.revoke_rotated_key($1)', [digest(key)]);
}
