import pg from 'pg';
import { scramVerifier } from './scram-verifier.ts';

/** The two logins of the API, with the same privileges. A rotation changes the password of the one that is not in use. */
const apiLogins = ['payments_api', 'payments_api_alternate'] as const;

export type ApiLogin = (typeof apiLogins)[number];

export function isApiLogin(user: string): user is ApiLogin {
  return (apiLogins as readonly string[]).includes(user);
}

/** Returns the other login of the API. */
export function alternateLogin(login: ApiLogin): ApiLogin {
  return login === 'payments_api' ? 'payments_api_alternate' : 'payments_api';
}

/**
 * Enables password authentication for a login and sets its password. Idempotent.
 *
 * @param administrator the role that created the login
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html#UsingWithRDS.IAMDBAuth.DBAccounts.PostgreSQL
 */
export async function setPassword(administrator: pg.Client, login: ApiLogin, password: string): Promise<void> {
  // On RDS, a member of rds_iam can authenticate with IAM tokens only. The alternate login inherits the membership from the first.
  const { rows } = await administrator.query<{ member: string; grantor: string }>(
    `SELECT member::regrole::text, grantor::regrole::text FROM pg_auth_members
     WHERE roleid = to_regrole('rds_iam') AND member = ANY ($1::text[]::regrole[])`,
    [apiLogins],
  );
  // GRANTED BY makes the statement fail here if the administrator may not revoke the grant, instead of at the next login.
  for (const { member, grantor } of rows) {
    await administrator.query(`REVOKE rds_iam FROM ${member} GRANTED BY ${grantor}`);
  }
  // ALTER ROLE takes no parameters.
  await administrator.query(
    `ALTER ROLE ${pg.escapeIdentifier(login)} LOGIN PASSWORD ${pg.escapeLiteral(scramVerifier(password))}`,
  );
}
