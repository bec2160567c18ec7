import type { Logger } from 'pino';
import { newCorrelationId, sessionNameOf } from '../correlation-id.ts';

/**
 * The `application_name` of a database session that serves a batch: the correlation id of a single request, or a new id otherwise. The log
 * then lists the new id with the correlation ids, so that each request can be found in the database log.
 */
export function sessionNameFor(correlationIds: readonly string[], logger: Pick<Logger, 'info'>): string {
  const ids = [...new Set(correlationIds)];
  const [only, ...others] = ids;
  if (only !== undefined && others.length === 0) return sessionNameOf(only);
  const group = newCorrelationId();
  logger.info({ group, correlationIds: ids }, 'requests share a transaction');
  return group;
}
