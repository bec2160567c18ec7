import { readFile } from 'node:fs/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { readSecret } from '../secrets/secret-reader.ts';
import type { Acquirer } from './acquirer.ts';
import type { AcquirerEnvironment } from './acquirer-environment.ts';
import { HttpAcquirer } from './http-acquirer.ts';
import type { ChallengeStore } from './challenges.ts';
import type { NoticeReader } from './notices.ts';
import { parseStripeSecrets } from './stripe/stripe-secrets.ts';
import { SimulatedAcquirer } from './simulator.ts';
import { StoredChallenges } from './stored-challenges.ts';

/** How long a secret key is used before it is read again. A replaced key takes effect after this time. */
const keyLifetimeMilliseconds = 60_000;

/** An acquirer, and what its kind alone has. */
export interface AcquirerParts {
  readonly acquirer: Acquirer;
  /** @default - the acquirer is not the simulator */
  readonly challenges?: ChallengeStore;
  /** @default - the acquirer sends no notices */
  readonly notices?: NoticeReader;
}

/** Creates the acquirer that the environment names. */
export async function createAcquirer(
  environment: AcquirerEnvironment,
  { pool, logger }: { readonly pool: Pool; readonly logger: Logger },
): Promise<AcquirerParts> {
  switch (environment.kind) {
    case 'simulator': {
      const challenges = new StoredChallenges(pool);
      return { acquirer: new SimulatedAcquirer({ challenges, origin: environment.origin }), challenges };
    }
    case 'http':
      return { acquirer: new HttpAcquirer({ url: environment.url, logger }) };
    case 'stripe': {
      // The SDK is large, and only these processes need it.
      const { StripeAcquirer } = await import('./stripe/stripe-acquirer.ts');
      const { StripeNotices } = await import('./stripe/stripe-notices.ts');
      const read =
        'keyFile' in environment
          ? () => readFile(environment.keyFile, 'utf8')
          : () => readSecret(environment.keySecretArn);
      const stored = kept(read, keyLifetimeMilliseconds);
      const secrets = async () => parseStripeSecrets(await stored());
      return {
        acquirer: new StripeAcquirer({ secretKey: async () => (await secrets()).key, logger }),
        notices: new StripeNotices(async () => (await secrets()).signingSecrets),
      };
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
