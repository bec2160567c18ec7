import pg from 'pg';

/**
 * SQLSTATEs about the server, not the statement: connection (08), read-only server (25006), resources (53), shutdown (57P), system (58) and
 * internal errors (XX).
 */
const serverErrors = /^(?:08|25006|53|57P|58|XX)/;

/**
 * Whether the statement itself caused the error, such as an invalid value, a constraint or a lock timeout. A part of the statement may then
 * succeed.
 *
 * @see https://www.postgresql.org/docs/17/errcodes-appendix.html
 */
export function isStatementError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code !== undefined && !serverErrors.test(error.code);
}
