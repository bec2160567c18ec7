import { randomUUID } from 'node:crypto';

/**
 * The id under which everything that one request has caused is found: in the log of edge, API, consumer and database, and in its trace.
 *
 * Its alphabet is safe wherever it is written: in a header, a log line, an attribute of a message, and in a statement.
 */
export function isCorrelationId(text: string): boolean {
  return /^[\w-]{8,128}$/.test(text);
}

/**
 * The name of a database session that works for a request: PostgreSQL writes it into each line that it logs for the session.
 *
 * It keeps 63 characters of a name, so a longer id is found there by its beginning.
 *
 * @see https://www.postgresql.org/docs/17/runtime-config-logging.html#GUC-APPLICATION-NAME
 */
export function sessionNameOf(correlationId: string): string {
  return correlationId.slice(0, 63);
}

/** An id for work that no request has asked for. */
export function newCorrelationId(): string {
  return randomUUID();
}
