import { parseArgs } from 'node:util';
import { scopes } from '../src/merchants/roles.ts';

export const usage = `Usage: npm run admin -- COMMAND [options]
  merchants list
  merchants create NAME                  also issues a first key with every scope
  merchants suspend MERCHANT             refuses its keys and sessions from the next request on
  merchants reactivate MERCHANT
  keys list MERCHANT
  keys issue MERCHANT --name NAME [--scopes SCOPE,…] [--expires TIME]
  keys roll MERCHANT KEY [--old-valid SECONDS]
  keys revoke MERCHANT KEY
  certificates bind MERCHANT SUBJECT
  certificates unbind MERCHANT
  audit [MERCHANT]

  MERCHANT and KEY are ids.
  --name       name of the key
  --scopes     what the key may do (default: all): ${scopes.join(', ')}
  --expires    when the key expires, such as 2030-01-31T00:00:00Z (default: never)
  --old-valid  how long the old key stays valid, in seconds (default 86400, a day)
  --url        address of the platform (default http://localhost:8080)
  --data-directory  where npm start keeps its data (default: as npm start)
The variable OPERATOR_KEY holds the operator's key. Without it, the command reads the key of the local platform.`;

/** What an invocation asks of the operator's API. */
export interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1/admin`. */
  readonly path: string;
  readonly body?: object;
  /** A further request, made of the answer to the first. */
  readonly then?: (answer: { readonly id: string }) => AdminRequest;
}

/** The options that say which platform is meant. */
export interface AdminTarget {
  readonly url: string;
  readonly dataDirectory: string | undefined;
}

/** The arguments cannot be understood. */
export class UsageError extends Error {}

type Values = Readonly<Record<string, string | boolean | undefined>>;
type Command = (operands: readonly string[], values: Values) => AdminRequest;

const empty = {};
const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const commands: Readonly<Record<string, Command>> = {
  'merchants list': () => ({ method: 'GET', path: '/merchants' }),
  'merchants create': ([name]) => ({
    method: 'POST',
    path: '/merchants',
    body: { name: given('NAME', name) },
    then: (merchant) => issue(merchant.id, { name: 'First key' }),
  }),
  'merchants suspend': ([merchant]) => ({ method: 'POST', path: `${merchantPath(merchant)}/suspend`, body: empty }),
  'merchants reactivate': ([merchant]) => ({
    method: 'POST',
    path: `${merchantPath(merchant)}/reactivate`,
    body: empty,
  }),
  'keys list': ([merchant]) => ({ method: 'GET', path: `${merchantPath(merchant)}/api-keys` }),
  'keys issue': ([merchant], values) => issue(idOf('MERCHANT', merchant), values),
  'keys roll': ([merchant, key], { 'old-valid': seconds }) => ({
    method: 'POST',
    path: `${keyPath(merchant, key)}/roll`,
    body: typeof seconds === 'string' ? { oldKeyValidSeconds: secondsOf(seconds) } : empty,
  }),
  'keys revoke': ([merchant, key]) => ({ method: 'POST', path: `${keyPath(merchant, key)}/revoke`, body: empty }),
  'certificates bind': ([merchant, subject]) => ({
    method: 'PUT',
    path: `${merchantPath(merchant)}/client-certificate`,
    body: { subject: given('SUBJECT', subject) },
  }),
  'certificates unbind': ([merchant]) => ({ method: 'DELETE', path: `${merchantPath(merchant)}/client-certificate` }),
  audit: ([merchant]) => ({
    method: 'GET',
    path: merchant === undefined ? '/audit-entries' : `/audit-entries?merchantId=${idOf('MERCHANT', merchant)}`,
  }),
};

/** Reads the arguments of the command. @throws UsageError with the argument and the remedy */
export function readArguments(args: readonly string[]): {
  readonly request: AdminRequest;
  readonly target: AdminTarget;
} {
  const { values, positionals } = parsed(args);
  const [first = '', second = '', ...others] = positionals;
  const [command, operands] =
    first in commands ? [commands[first], positionals.slice(1)] : [commands[`${first} ${second}`], others];
  if (!command) throw new UsageError(`Unknown command '${`${first} ${second}`.trim()}'.`);
  const { url, 'data-directory': dataDirectory } = values;
  return { request: command(operands, values), target: { url, dataDirectory } };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        scopes: { type: 'string' },
        expires: { type: 'string' },
        'old-valid': { type: 'string' },
        url: { type: 'string', default: 'http://localhost:8080' },
        'data-directory': { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function issue(merchant: string, { name, scopes: wanted, expires }: Values): AdminRequest {
  return {
    method: 'POST',
    path: `/merchants/${merchant}/api-keys`,
    body: {
      name: given('--name', name),
      scopes: typeof wanted === 'string' ? wanted.split(',') : [...scopes],
      ...(expires !== undefined && { expiresAt: expires }),
    },
  };
}

const merchantPath = (merchant: string | undefined) => `/merchants/${idOf('MERCHANT', merchant)}`;
const keyPath = (merchant: string | undefined, key: string | undefined) =>
  `${merchantPath(merchant)}/api-keys/${idOf('KEY', key)}`;

function given(what: string, value: string | boolean | undefined): string {
  if (typeof value !== 'string' || value === '') throw new UsageError(`${what} is missing.`);
  return value;
}

function idOf(what: string, value: string | undefined): string {
  const found = given(what, value);
  if (!id.test(found))
    throw new UsageError(`${what} is '${found}', which is not an id. 'merchants list' and 'keys list' show the ids.`);
  return found;
}

function secondsOf(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new UsageError(`--old-valid is '${text}'. Give it a number of seconds.`);
  return Number(text);
}
