import { type ConnectionTarget, parseConnectionString, tlsProblems } from './db/connection-string.ts';
import { type DocumentEnvironment, documentsOf } from './documents/document-environment.ts';
import { isLoopback } from './loopback.ts';
import { tracingDefaults, type TracingEnvironment, tracingOf } from './telemetry/tracing-environment.ts';
import { EnvironmentError, VariableReader } from './variable-reader.ts';

/**
 * The environment variables of the API and of schema migrations: the one contract between the processes and whoever starts them.
 *
 * The infrastructure imports the types only, so that a variable that it forgets or misspells does not compile. What a process needs
 * besides depends on how it proves itself to the database.
 */
export type ServiceEnvironment = Readonly<
  { ENVIRONMENT_NAME: string } & Partial<Record<OptionalVariable, string>> &
    (
      | (Record<LoginVariable, string> & { DATABASE_AUTHENTICATION: 'iam' })
      | (Record<LoginVariable | 'DATABASE_SECRET_ARN', string> & { DATABASE_AUTHENTICATION: 'secret' })
      | (Record<LoginVariable | 'DATABASE_PASSWORD_FILE', string> & { DATABASE_AUTHENTICATION: 'password-file' })
      // Together with the secret variables.
      | (Record<'DATABASE_SECRET_ARN', string> & { DATABASE_AUTHENTICATION: 'connection-string' })
    )
>;

/** The variables that hold a secret: injected from Secrets Manager, so that no task definition shows them. */
export type SecretVariable = 'DATABASE_CONNECTION_STRING';

type LoginVariable = 'DATABASE_HOST' | 'DATABASE_NAME' | 'DATABASE_USER';
const connectionStringVariable: SecretVariable = 'DATABASE_CONNECTION_STRING';

type RequiredVariable = 'ENVIRONMENT_NAME' | LoginVariable | 'DATABASE_AUTHENTICATION';
type OptionalVariable = keyof typeof optional;

/** How a process proves itself to the database. */
export type DatabaseAuthentication = 'iam' | 'secret' | 'password-file' | 'connection-string';

/** The environment of a process, parsed. */
export interface Environment {
  /** The environment suffix, such as `pr123`; a dimension of every metric. */
  readonly environmentName: string;
  readonly port: number;
  readonly bindAddress: string;
  /** `self-signed`: a certificate made at start; the load balancer does not check it. `off`: loopback only. */
  readonly tls: 'self-signed' | 'off';
  readonly logLevel: string;
  readonly database: DatabaseEnvironment;
  /** Secrets Manager secret whose whole string is the first API key; migrations only. */
  readonly apiKeySecretArn: string | undefined;
  /** Secrets Manager secret in which migrations keep a connection string of the API's login; migrations only. */
  readonly connectionStringSecretArn: string | undefined;
  /** File with the first API key, for a local platform. */
  readonly apiKeyFile: string | undefined;
  /** Where documents are kept; without it the API keeps none. */
  readonly documents: DocumentEnvironment | undefined;
  /** SQS queue for payment events; without it they are consumed in the process. */
  readonly eventQueueUrl: string | undefined;
  /** Where the acquirer answers; without it, payments are decided by the simulated one. */
  readonly acquirerUrl: string | undefined;
  readonly sessionTtlMinutes: number;
  readonly cookieSecure: boolean;
  /** The name of the cookie of browser sessions. */
  readonly sessionCookie: string;
  /** Whether clients must prove themselves by certificate, to an API Gateway before this API. */
  readonly clientCertificates: 'required' | 'ignored';
  readonly shutdownGraceSeconds: number;
  readonly tracing: TracingEnvironment;
}

/** How to reach the database. */
export interface DatabaseEnvironment {
  readonly host: string;
  /** Where reads that may lag behind go; without it, to `host`. */
  readonly readerHost: string | undefined;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly authentication: DatabaseAuthentication;
  readonly secretArn: string | undefined;
  /** What the process was started with; host, port, name, user and TLS come from it. Holds the password: never log it. */
  readonly connectionString: string | undefined;
  readonly passwordFile: string | undefined;
  /** `verify-full`: certificate and host name are checked. `disable`: loopback only. */
  readonly tls: 'verify-full' | 'disable';
  readonly poolSize: number;
  readonly region: string | undefined;
}

const optional = {
  PORT: '3000',
  BIND_ADDRESS: '0.0.0.0',
  TLS: 'self-signed',
  LOG_LEVEL: 'info',
  AWS_REGION: undefined,
  DATABASE_PORT: '5432',
  DATABASE_READER_HOST: undefined,
  DATABASE_SECRET_ARN: undefined,
  DATABASE_PASSWORD_FILE: undefined,
  DATABASE_TLS: 'verify-full',
  DATABASE_POOL_SIZE: '10',
  API_KEY_SECRET_ARN: undefined,
  CONNECTION_STRING_SECRET_ARN: undefined,
  API_KEY_FILE: undefined,
  DOCUMENT_BUCKET: undefined,
  DOCUMENT_DIRECTORY: undefined,
  DOCUMENT_ADDRESS: undefined,
  DOCUMENT_RETENTION_DAYS: undefined,
  EVENT_QUEUE_URL: undefined,
  ACQUIRER_URL: undefined,
  SESSION_TTL_MINUTES: '30',
  COOKIE_SECURE: 'true',
  SESSION_COOKIE: 'session',
  CLIENT_CERTIFICATES: 'ignored',
  SHUTDOWN_GRACE_SECONDS: '25',
  ...tracingDefaults,
} as const satisfies Record<string, string | undefined>;

/**
 * Parses the environment of a process.
 *
 * @throws EnvironmentError with every problem: variable, value and remedy
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const reader: Reader = new VariableReader(variables, optional);
  const database = databaseOf(reader, variables);
  const environment: Environment = {
    environmentName: reader.text('ENVIRONMENT_NAME'),
    port: reader.whole('PORT', 0, 65535),
    bindAddress: reader.maybe('BIND_ADDRESS') ?? '',
    tls: reader.oneOf('TLS', ['self-signed', 'off']),
    logLevel: reader.oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    database,
    apiKeySecretArn: reader.maybe('API_KEY_SECRET_ARN'),
    connectionStringSecretArn: reader.maybe('CONNECTION_STRING_SECRET_ARN'),
    apiKeyFile: reader.maybe('API_KEY_FILE'),
    documents: documentsOf(reader),
    eventQueueUrl: reader.maybe('EVENT_QUEUE_URL'),
    acquirerUrl: reader.maybe('ACQUIRER_URL'),
    sessionTtlMinutes: reader.whole('SESSION_TTL_MINUTES', 1, 1440),
    cookieSecure: reader.oneOf('COOKIE_SECURE', ['true', 'false']) === 'true',
    sessionCookie: reader.maybe('SESSION_COOKIE') ?? '',
    clientCertificates: reader.oneOf('CLIENT_CERTIFICATES', ['required', 'ignored']),
    shutdownGraceSeconds: reader.whole('SHUTDOWN_GRACE_SECONDS', 1, 110),
    tracing: tracingOf(reader),
  };
  reader.report(...contradictions(environment));
  reader.finish();
  return environment;
}

type Reader = VariableReader<RequiredVariable, OptionalVariable>;

function databaseOf(reader: Reader, variables: Readonly<Record<string, string | undefined>>): DatabaseEnvironment {
  const connectionString = variables[connectionStringVariable];
  const byString = variables['DATABASE_AUTHENTICATION'] === 'connection-string';
  return {
    ...(byString ? targetOfString(reader, connectionString) : targetOfVariables(reader)),
    readerHost: reader.maybe('DATABASE_READER_HOST'),
    authentication: reader.oneOf('DATABASE_AUTHENTICATION', ['iam', 'secret', 'password-file', 'connection-string']),
    secretArn: reader.maybe('DATABASE_SECRET_ARN'),
    connectionString: byString ? connectionString : undefined,
    passwordFile: reader.maybe('DATABASE_PASSWORD_FILE'),
    poolSize: reader.whole('DATABASE_POOL_SIZE', 1, 200),
    region: reader.maybe('AWS_REGION'),
  };
}

function targetOfVariables(reader: Reader): Omit<ConnectionTarget, 'password'> {
  return {
    host: reader.text('DATABASE_HOST'),
    port: reader.whole('DATABASE_PORT', 1, 65535),
    name: reader.text('DATABASE_NAME'),
    user: reader.text('DATABASE_USER'),
    tls: reader.oneOf('DATABASE_TLS', ['verify-full', 'disable']),
  };
}

function targetOfString(reader: Reader, connectionString = ''): Omit<ConnectionTarget, 'password'> {
  const nowhere = { host: '', port: 0, name: '', user: '', tls: 'verify-full' } as const;
  if (connectionString === '') {
    reader.report(`${connectionStringVariable} is missing; DATABASE_AUTHENTICATION=connection-string needs it`);
    return nowhere;
  }
  try {
    const { password: _password, ...target } = parseConnectionString(connectionString);
    return target;
  } catch (error) {
    reader.report(`${connectionStringVariable} ${(error as Error).message}`);
    return nowhere;
  }
}

function contradictions({ tls, bindAddress, database, acquirerUrl, sessionCookie }: Environment): string[] {
  const problems: string[] = [];
  if (acquirerUrl !== undefined && !isAcquirerUrl(acquirerUrl)) {
    // The value is not shown, because it may contain a password.
    problems.push('ACQUIRER_URL is invalid; use an https:// URL without credentials, or http:// on 127.0.0.1');
  }
  if (!/^[\w-]{1,64}$/.test(sessionCookie))
    problems.push(`SESSION_COOKIE = "${sessionCookie}"; use 1 to 64 letters, digits, hyphens and underscores`);
  const needs: Record<string, [string, string | undefined] | undefined> = {
    iam: ['AWS_REGION', database.region],
    secret: ['DATABASE_SECRET_ARN', database.secretArn],
    'password-file': ['DATABASE_PASSWORD_FILE', database.passwordFile],
    'connection-string': ['DATABASE_SECRET_ARN', database.secretArn],
  };
  const [variable, value] = needs[database.authentication] ?? ['DATABASE_AUTHENTICATION', ''];
  if (value === undefined)
    problems.push(`${variable} is missing; DATABASE_AUTHENTICATION=${database.authentication} needs it`);
  if (database.readerHost !== undefined && database.connectionString !== undefined) {
    problems.push(
      `DATABASE_READER_HOST = "${database.readerHost}" with DATABASE_AUTHENTICATION=connection-string; remove it, because the connection string names the host`,
    );
  }
  if (tls === 'off' && !isLoopback(bindAddress)) {
    problems.push(`TLS = "off" with BIND_ADDRESS = "${bindAddress}"; without TLS bind to 127.0.0.1 only`);
  }
  problems.push(...tlsProblems(database));
  return problems;
}

function isAcquirerUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  const encrypted = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return encrypted && username === '' && password === '';
}

/** The environment of this process; ends it with all problems, and without a stack trace, when it cannot work. */
export function environmentOfProcess(): Environment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
