import pg from 'pg';

/** Classes of SQLSTATE in which the database speaks of itself, not of what it was asked: it is away, full, a reader, or being stopped. */
const ofTheServer = /^(?:08|25006|53|57P|58|XX)/;

/**
 * Whether the database has refused what it was asked, so that it may not refuse a part of it: a value, a rule, a lock that did not come.
 *
 * @see https://www.postgresql.org/docs/17/errcodes-appendix.html
 */
export function isRefusedStatement(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code !== undefined && !ofTheServer.test(error.code);
}
