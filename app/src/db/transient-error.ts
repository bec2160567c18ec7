/**
 * SQLSTATEs after which the same request may well succeed: the connection is gone (08), resources are short, as on a full disk (53), an
 * operator or a time limit intervened (57), the server has become a reader (25006), the transaction was left waiting (25P03, 55P03), or
 * others were first (40001, 40P01).
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const passingStates = /^(?:08|53|57)\w{3}$|^(?:25006|25P03|55P03|40001|40P01|58030)$/;
const brokenConnections = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];
/** What the driver says without a code. */
const driverMessages =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|is not queryable/;

/** Whether a failure of the database says nothing of the request: sent again later, it may succeed. */
export function isPassingFailure({
  code = '',
  message,
}: {
  readonly code?: string;
  readonly message: string;
}): boolean {
  return passingStates.test(code) || brokenConnections.includes(code) || driverMessages.test(message);
}
