import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseStripeSecrets } from '../acquirer/stripe/stripe-secrets.ts';

/**
 * The absolute path of a file with a key of Stripe's test mode, and perhaps the signing secret of `stripe listen`.
 *
 * @throws when the file is missing, or holds no test key: a live key would charge real cards
 */
export function stripeKeyFile(path: string): string {
  let key: string;
  try {
    ({ key } = parseStripeSecrets(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Error(`--stripe-key ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`, {
      cause: error,
    });
  }
  if (!/^[sr]k_test_\w+$/.test(key))
    throw new Error(`--stripe-key ${path} holds no key of Stripe's test mode, such as sk_test_….`);
  return resolve(path);
}
