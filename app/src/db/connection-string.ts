import { isLoopback } from '../loopback.ts';

/** The parts of a connection string. */
export interface ConnectionTarget {
  readonly host: string;
  readonly port: number;
  /** The database name. */
  readonly name: string;
  readonly user: string;
  readonly password: string;
  /** As libpq's `sslmode`. */
  readonly tls: 'verify-full' | 'disable';
}

/** Whether a connection uses TLS or stays on the machine. */
export function isTlsOrLoopback({ host, tls }: Pick<ConnectionTarget, 'host' | 'tls'>): boolean {
  return tls !== 'disable' || isLoopback(host);
}

/** Returns the problem of environment variables that disable TLS for a remote host; otherwise an empty list. */
export function tlsProblems(target: Pick<ConnectionTarget, 'host' | 'tls'>): string[] {
  if (isTlsOrLoopback(target)) return [];
  return [`DATABASE_TLS = "disable" with DATABASE_HOST = "${target.host}"; without TLS connect to 127.0.0.1 only`];
}

/** Returns `postgresql://user:password@host:port/name?sslmode=…`. */
export function formatConnectionString(target: ConnectionTarget): string {
  const { host, port, name, user, password, tls } = target;
  const [encodedUser, encodedPassword, encodedName] = [user, password, name].map(encodeURIComponent);
  const address = host.includes(':') ? `[${host}]` : host;
  return `postgresql://${String(encodedUser)}:${String(encodedPassword)}@${address}:${port}/${String(encodedName)}?sslmode=${tls}`;
}

/**
 * Parses a connection string.
 *
 * The driver's parser is not used, because it accepts weaker `sslmode`s and parameters that override the settings of this module.
 *
 * @throws with the problem but no part of the string, because any part of a malformed string may be the password
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
export function parseConnectionString(text: string): ConnectionTarget {
  const url = urlOf(text);
  const [host, user, password, name] = [
    url.hostname.replace(/^\[(.*)\]$/, '$1'),
    url.username,
    url.password,
    url.pathname.slice(1),
  ].map(decoded) as [string, string, string, string];
  for (const [part, value] of Object.entries({ host, user, password, name })) {
    if (value === '') throw new Error(`has no ${part}; ${expected}`);
  }
  const sslMode = url.searchParams.get('sslmode');
  if (sslMode !== 'verify-full' && sslMode !== 'disable') throw new Error(`has no sslmode=verify-full; ${expected}`);
  if (url.searchParams.size > 1) throw new Error(`has parameters other than sslmode; ${expected}`);
  const target = { host, port: Number(url.port === '' ? 5432 : url.port), name, user, password, tls: sslMode } as const;
  if (!isTlsOrLoopback(target)) throw new Error('has sslmode=disable; without TLS connect to 127.0.0.1 only');
  return target;
}

const expected = 'write postgresql://user:password@host:port/name?sslmode=verify-full';

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'postgresql:' && url?.protocol !== 'postgres:') throw new Error(`is malformed; ${expected}`);
  return url;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error(`has an invalid percent-encoding; ${expected}`);
  }
}
