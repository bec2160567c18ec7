import pg from 'pg';
import { scramVerifier } from './scram-verifier.ts';

/** The two logins of the API. They may do the same; a rotation gives the one that is not in use a new password. */
const apiLogins = ['payments_api', 'payments_api_alternate'] as const;

/** One of them. */
export type ApiLogin = (typeof apiLogins)[number];

/** Whether a login is the API's. */
export function isApiLogin(user: string): user is ApiLogin {
  return (apiLogins as readonly string[]).includes(user);
}

/** The login that takes over from another. */
export function alternateOf(login: ApiLogin): ApiLogin {
  return login === 'payments_api' ? 'payments_api_alternate' : 'payments_api';
}

/**
 * Lets a login in with this password and no other. May be repeated.
 *
 * @param administrator may alter the login: it made it
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html#UsingWithRDS.IAMDBAuth.DBAccounts.PostgreSQL
 */
export async function setPassword(administrator: pg.Client, login: ApiLogin, password: string): Promise<void> {
  // On RDS, who has this role proves itself with IAM tokens only; the alternate login would have it through the first.
  const { rows } = await administrator.query<{ member: string; grantor: string }>(
    `SELECT member::regrole::text, grantor::regrole::text FROM pg_auth_members
     WHERE roleid = to_regrole('rds_iam') AND member = ANY ($1::text[]::regrole[])`,
    [apiLogins],
  );
  // By its grantor: who may not take back that grant learns it here, and not from a login that is refused.
  for (const { member, grantor } of rows) {
    await administrator.query(`REVOKE rds_iam FROM ${member} GRANTED BY ${grantor}`);
  }
  // Statements about roles take no parameters.
  await administrator.query(
    `ALTER ROLE ${pg.escapeIdentifier(login)} LOGIN PASSWORD ${pg.escapeLiteral(scramVerifier(password))}`,
  );
}
