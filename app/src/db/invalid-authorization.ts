import pg from 'pg';

/**
 * Whether the database rejected the login.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html class 28, invalid authorization specification
 */
export function isInvalidAuthorization(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code?.startsWith('28') === true;
}
