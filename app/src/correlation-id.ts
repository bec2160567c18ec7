import { randomUUID } from 'node:crypto';

/**
 * Whether `text` is a correlation id: 8 to 128 letters, digits, underscores or hyphens.
 *
 * The id of a request is in the logs of edge, API, consumer and database, and in its trace. Its characters need no escaping in a header,
 * a log line, a message attribute or an SQL literal.
 */
export function isCorrelationId(text: string): boolean {
  return /^[\w-]{8,128}$/.test(text);
}

/**
 * The `application_name` of a database session that serves a request. PostgreSQL logs it with each line of the session.
 *
 * PostgreSQL truncates names to 63 characters, so search its log for the first 63 characters of a longer id.
 *
 * @see https://www.postgresql.org/docs/17/runtime-config-logging.html#GUC-APPLICATION-NAME
 */
export function sessionNameOf(correlationId: string): string {
  return correlationId.slice(0, 63);
}

/** A new random correlation id. */
export function newCorrelationId(): string {
  return randomUUID();
}
