import { readFile } from 'node:fs/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { readSecret } from '../secrets/secret-reader.ts';
import type { Acquirer } from './acquirer.ts';
import type { AcquirerEnvironment } from './acquirer-environment.ts';
import { HttpAcquirer } from './http-acquirer.ts';
import { SimulatedAcquirer } from './simulator.ts';
import { StoredChallenges } from './stored-challenges.ts';

/** How long a secret key is used before it is read again. A replaced key takes effect after this time. */
const keyLifetimeMilliseconds = 60_000;

/** Creates the acquirer that the environment names. */
export async function createAcquirer(
  environment: AcquirerEnvironment,
  { pool, logger }: { readonly pool: Pool; readonly logger: Logger },
): Promise<Acquirer> {
  switch (environment.kind) {
    case 'simulator':
      return new SimulatedAcquirer({ challenges: new StoredChallenges(pool), origin: environment.origin });
    case 'http':
      return new HttpAcquirer({ url: environment.url, logger });
    case 'stripe': {
      // The SDK is large, and only these processes need it.
      const { StripeAcquirer } = await import('./stripe/stripe-acquirer.ts');
      const read =
        'keyFile' in environment
          ? async () => (await readFile(environment.keyFile, 'utf8')).trim()
          : () => readSecret(environment.keySecretArn);
      return new StripeAcquirer({ secretKey: kept(read, keyLifetimeMilliseconds), logger });
    }
  }
}

/**
 * Reads a value again when it is older than the lifetime.
 *
 * @throws what `read` throws, unless an older value is known, because an unreachable store must not stop payments
 */
export function kept(read: () => Promise<string>, lifetimeMilliseconds: number): () => Promise<string> {
  let value: string | undefined;
  let expires = 0;
  return async () => {
    if (value !== undefined && Date.now() < expires) return value;
    try {
      value = await read();
    } catch (error) {
      if (value === undefined) throw error;
    }
    expires = Date.now() + lifetimeMilliseconds;
    return value;
  };
}
