import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { postgresUserCanEnter } from './postgres-programs.ts';

/** `.local` in the checkout, or a directory per checkout in /var/tmp if the user that runs PostgreSQL cannot enter the checkout. */
export function defaultDataDirectory(root: string): string {
  if (postgresUserCanEnter(root)) return join(root, '.local');
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join('/var/tmp', `payment-platform-${checkout}`);
}
