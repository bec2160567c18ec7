import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** The default of PostgreSQL. The passwords are random, so more iterations would only slow down each connection. */
const iterations = 4096;

/**
 * The SCRAM-SHA-256 verifier that PostgreSQL stores for a password. ALTER ROLE accepts it in place of the password, so that the password
 * does not appear in statement logs or pgaudit.
 *
 * @param password ASCII, which SASLprep leaves as it is
 * @see https://www.rfc-editor.org/rfc/rfc5803 and https://www.postgresql.org/docs/current/catalog-pg-authid.html
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const key = (purpose: string) => createHmac('sha256', salted).update(purpose).digest();
  const storedKey = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${key('Server Key').toString('base64')}`;
}
