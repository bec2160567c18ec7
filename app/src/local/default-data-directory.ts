import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { serverCanEnter } from './postgres-programs.ts';

/** `.local` in the checkout; where root's checkout is closed to the database's account, a folder of its own for each checkout. */
export function defaultDataDirectory(root: string): string {
  if (serverCanEnter(root)) return join(root, '.local');
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join('/var/tmp', `payment-platform-${checkout}`);
}
