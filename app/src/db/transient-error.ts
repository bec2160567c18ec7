/**
 * SQLSTATEs after which a retry may succeed: connection failure (08), insufficient resources (53), operator intervention or timeout (57),
 * read-only server (25006), idle or lock timeout (25P03, 55P03), serialization failure or deadlock (40001, 40P01), I/O error (58030).
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const transientStates = /^(?:08|53|57)\w{3}$|^(?:25006|25P03|55P03|40001|40P01|58030)$/;
const brokenConnections = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];
/** Messages of node-postgres errors without a code. */
const driverMessages =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|is not queryable/;

/** Whether a database error is unrelated to the request, so that a later retry may succeed. */
export function isTransientError({
  code = '',
  message,
}: {
  readonly code?: string;
  readonly message: string;
}): boolean {
  return transientStates.test(code) || brokenConnections.includes(code) || driverMessages.test(message);
}
