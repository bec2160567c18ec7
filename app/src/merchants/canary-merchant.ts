import type { Client } from 'pg';
import { v7 as uuid } from 'uuid';
import { digest, requireWholeKey } from './merchant-repository.ts';
import type { Scope } from './roles.ts';

/** The merchant of synthetic payments. */
const canaryMerchant = 'Canary';
/** What the canary does, and no more. */
const canaryScopes: readonly Scope[] = ['payments:read', 'payments:write', 'refunds:write'];

/**
 * Makes `key` the one valid key of the canary's merchant, which it creates, and revokes those before it. Idempotent. Requires the
 * administrator.
 *
 * @throws when the key has fewer than 32 characters or a wrong checksum
 */
export async function ensureCanaryKey(client: Client, key: string): Promise<void> {
  requireWholeKey('key of the canary', key);
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO payments.merchants (id, name) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name RETURNING id`,
    [uuid(), canaryMerchant],
  );
  const merchantId = rows[0]?.id;
  await client.query(
    `INSERT INTO payments.api_keys (id, merchant_id, key_hash, scopes) VALUES ($1, $2, $3, $4)
     ON CONFLICT (key_hash) DO NOTHING`,
    [uuid(), merchantId, digest(key), canaryScopes],
  );
  await client.query(
    'UPDATE payments.api_keys SET revoked_at = now() WHERE merchant_id = $1 AND key_hash <> $2 AND revoked_at IS NULL',
    [merchantId, digest(key)],
  );
}
