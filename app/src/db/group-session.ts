import type { Logger } from 'pino';
import { newCorrelationId, sessionNameOf } from '../correlation-id.ts';

/**
 * The name of the database session while it works for requests: the id of one that is alone, else a new one, under which our log lists the
 * ids of all, each once; so each is found in the database's log too.
 */
export function sessionOf(correlationIds: readonly string[], logger: Pick<Logger, 'info'>): string {
  const ids = [...new Set(correlationIds)];
  const [only, ...others] = ids;
  if (only !== undefined && others.length === 0) return sessionNameOf(only);
  const group = newCorrelationId();
  logger.info({ group, correlationIds: ids }, 'requests share a transaction');
  return group;
}
