import { isLoopback } from '../src/loopback.ts';

/** The database address in an environment. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the address from the connection string, or from the variables without one. */
export function databaseAddressOf(variables: Variables): DatabaseAddress {
  const url = connectionStringOf(variables);
  const { DATABASE_HOST = '', DATABASE_PORT } = variables;
  const [host, port] = url ? [url.hostname.replace(/^\[(.*)\]$/, '$1'), url.port] : [DATABASE_HOST, DATABASE_PORT];
  return { host, port: Number(port === undefined || port === '' ? '5432' : port) };
}

/** Whether a local proxy can be used: not for a Unix socket or an invalid address. */
export function isOnThisMachine({ host, port }: DatabaseAddress): boolean {
  return isLoopback(host) && !host.startsWith('/') && Number.isInteger(port) && port > 0 && port < 65536;
}

/** Returns the variables that select another port for the same database. */
export function throughPort(variables: Variables, port: number): Variables {
  const url = connectionStringOf(variables);
  if (!url) return { DATABASE_PORT: String(port) };
  url.port = String(port);
  return { DATABASE_CONNECTION_STRING: url.href };
}

function connectionStringOf(variables: Variables): URL | undefined {
  const { DATABASE_AUTHENTICATION: authentication, DATABASE_CONNECTION_STRING: text = '' } = variables;
  return authentication === 'connection-string' && URL.canParse(text) ? new URL(text) : undefined;
}
