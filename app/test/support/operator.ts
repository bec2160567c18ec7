import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { generateOperatorKey } from '../../src/merchants/api-key.ts';
import { ensureOperatorKey } from '../../src/merchants/operator-key.ts';
import type { TestDatabase } from './database.ts';
import type { TestPlatform } from './platform.ts';

/** Stores a new operator's key, which replaces the one before, and returns it. */
export async function newOperatorKey(database: TestDatabase): Promise<string> {
  const key = generateOperatorKey();
  const client = await database.administrator.connect();
  try {
    await ensureOperatorKey(client, key);
    return key;
  } finally {
    client.release();
  }
}

/** Sends requests below `/api/v1/admin` with a key. */
export function operatorOf(platform: TestPlatform, key: string) {
  return (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    payload?: object,
  ): Promise<LightMyRequestResponse> => {
    const options: InjectOptions = { method, url: `/api/v1/admin${path}`, headers: { authorization: `Bearer ${key}` } };
    return platform.app.inject({ ...options, ...(payload && { payload }) });
  };
}
