import {
  acquirerDefaults,
  type AcquirerEnvironment,
  readAcquirerEnvironment,
} from './acquirer/acquirer-environment.ts';
import { type ConnectionTarget, parseConnectionString, tlsProblems } from './db/connection-string.ts';
import { type DocumentEnvironment, readDocumentEnvironment } from './documents/document-environment.ts';
import { isLoopback } from './loopback.ts';
import { readSignInEnvironment, signInDefaults, type SignInEnvironment } from './sign-in/sign-in-environment.ts';
import { tracingDefaults, type TracingEnvironment, readTracingEnvironment } from './telemetry/tracing-environment.ts';
import { EnvironmentError, VariableReader } from './variable-reader.ts';
import { readWebhookEnvironment, type WebhookEnvironment } from './webhooks/webhook-environment.ts';

/**
 * The environment variables of the API and of schema migrations. Which ones are required depends on `DATABASE_AUTHENTICATION`.
 *
 * The infrastructure imports this type, so a missing or misspelled variable does not compile.
 */
export type ServiceEnvironment = Readonly<
  { ENVIRONMENT_NAME: string } & Partial<Record<OptionalVariable, string>> &
    (
      | (Record<LoginVariable, string> & { DATABASE_AUTHENTICATION: 'iam' })
      | (Record<LoginVariable | 'DATABASE_SECRET_ARN', string> & { DATABASE_AUTHENTICATION: 'secret' })
      | (Record<LoginVariable | 'DATABASE_PASSWORD_FILE', string> & { DATABASE_AUTHENTICATION: 'password-file' })
      // ECS injects DATABASE_CONNECTION_STRING as well, see SecretVariable.
      | (Record<'DATABASE_SECRET_ARN', string> & { DATABASE_AUTHENTICATION: 'connection-string' })
    )
>;

/** Variables that ECS injects from Secrets Manager, so that the task definition does not contain their values. */
export type SecretVariable = 'DATABASE_CONNECTION_STRING';

type LoginVariable = 'DATABASE_HOST' | 'DATABASE_NAME' | 'DATABASE_USER';
const connectionStringVariable: SecretVariable = 'DATABASE_CONNECTION_STRING';

type RequiredVariable = 'ENVIRONMENT_NAME' | LoginVariable | 'DATABASE_AUTHENTICATION';
type OptionalVariable = keyof typeof optional;

/** How a process authenticates to the database. */
export type DatabaseAuthentication = 'iam' | 'secret' | 'password-file' | 'connection-string';

/** The parsed environment variables. */
export interface Environment {
  /** The environment suffix, such as `pr123`. It is a dimension of every metric. */
  readonly environmentName: string;
  readonly port: number;
  readonly bindAddress: string;
  /** `self-signed`: a certificate generated at start, which the load balancer does not validate. `off`: loopback only. */
  readonly tls: 'self-signed' | 'off';
  readonly logLevel: string;
  readonly database: DatabaseEnvironment;
  /** The secret whose string is the first API key. Migrations only. */
  readonly apiKeySecretArn: string | undefined;
  /** The secret whose string is the key of operators. Migrations only. */
  readonly operatorKeySecretArn: string | undefined;
  /** The secret whose string is the API key of the canary's merchant. `undefined`: there is no canary. Migrations only. */
  readonly canaryKeySecretArn: string | undefined;
  /** The secret to which migrations write the connection string of the API. Migrations only. */
  readonly connectionStringSecretArn: string | undefined;
  /** A file with the first API key. Local platform only. */
  readonly apiKeyFile: string | undefined;
  /** A file with the key of operators. Local platform only. */
  readonly operatorKeyFile: string | undefined;
  /** `undefined`: the API stores no documents. */
  readonly documents: DocumentEnvironment | undefined;
  /** `undefined`: the API sends no webhooks. */
  readonly webhooks: WebhookEnvironment | undefined;
  /** The SQS queue of payment events. `undefined`: the API consumes them in its own process. */
  readonly eventQueueUrl: string | undefined;
  readonly acquirer: AcquirerEnvironment;
  /** How long the acquirer keeps an authorization. Older ones expire. */
  readonly authorizationDays: number;
  readonly sessionTtlMinutes: number;
  /** `undefined`: only API keys sign in to the console. */
  readonly signIn: SignInEnvironment | undefined;
  readonly cookieSecure: boolean;
  /** The name of the session cookie. */
  readonly sessionCookie: string;
  /** Whether requests must carry the client certificate headers of an API Gateway with mutual TLS. */
  readonly clientCertificates: 'required' | 'ignored';
  readonly shutdownGraceSeconds: number;
  readonly tracing: TracingEnvironment;
}

/** The connection settings of the database. */
export interface DatabaseEnvironment {
  readonly host: string;
  /** The reader endpoint, for queries that tolerate replication lag. `undefined`: `host` serves them. */
  readonly readerHost: string | undefined;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly authentication: DatabaseAuthentication;
  readonly secretArn: string | undefined;
  /** The source of host, port, name, user and TLS mode. Contains the password: never log it. */
  readonly connectionString: string | undefined;
  readonly passwordFile: string | undefined;
  /** As libpq's `sslmode`. `disable`: loopback only. */
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
  OPERATOR_KEY_SECRET_ARN: undefined,
  CANARY_KEY_SECRET_ARN: undefined,
  CONNECTION_STRING_SECRET_ARN: undefined,
  API_KEY_FILE: undefined,
  OPERATOR_KEY_FILE: undefined,
  DOCUMENT_BUCKET: undefined,
  DOCUMENT_DIRECTORY: undefined,
  DOCUMENT_ADDRESS: undefined,
  DOCUMENT_RETENTION_DAYS: undefined,
  WEBHOOK_KEY_SECRET_ARN: undefined,
  WEBHOOK_KEY_FILE: undefined,
  LOOPBACK_WEBHOOKS: 'false',
  REFUSED_WEBHOOK_RANGES: undefined,
  EVENT_QUEUE_URL: undefined,
  AUTHORIZATION_DAYS: '7',
  SESSION_TTL_MINUTES: '30',
  COOKIE_SECURE: 'true',
  SESSION_COOKIE: 'session',
  CLIENT_CERTIFICATES: 'ignored',
  SHUTDOWN_GRACE_SECONDS: '25',
  ...acquirerDefaults,
  ...signInDefaults,
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
    environmentName: reader.required('ENVIRONMENT_NAME'),
    port: reader.integer('PORT', 0, 65535),
    bindAddress: reader.optional('BIND_ADDRESS') ?? '',
    tls: reader.oneOf('TLS', ['self-signed', 'off']),
    logLevel: reader.oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    database,
    apiKeySecretArn: reader.optional('API_KEY_SECRET_ARN'),
    operatorKeySecretArn: reader.optional('OPERATOR_KEY_SECRET_ARN'),
    canaryKeySecretArn: reader.optional('CANARY_KEY_SECRET_ARN'),
    connectionStringSecretArn: reader.optional('CONNECTION_STRING_SECRET_ARN'),
    apiKeyFile: reader.optional('API_KEY_FILE'),
    operatorKeyFile: reader.optional('OPERATOR_KEY_FILE'),
    documents: readDocumentEnvironment(reader),
    webhooks: readWebhookEnvironment(reader),
    eventQueueUrl: reader.optional('EVENT_QUEUE_URL'),
    acquirer: readAcquirerEnvironment(reader),
    authorizationDays: reader.integer('AUTHORIZATION_DAYS', 1, 30),
    sessionTtlMinutes: reader.integer('SESSION_TTL_MINUTES', 1, 1440),
    signIn: readSignInEnvironment(reader),
    cookieSecure: reader.oneOf('COOKIE_SECURE', ['true', 'false']) === 'true',
    sessionCookie: reader.optional('SESSION_COOKIE') ?? '',
    clientCertificates: reader.oneOf('CLIENT_CERTIFICATES', ['required', 'ignored']),
    shutdownGraceSeconds: reader.integer('SHUTDOWN_GRACE_SECONDS', 1, 110),
    tracing: readTracingEnvironment(reader),
  };
  reader.report(...inconsistencies(environment));
  reader.throwIfInvalid();
  return environment;
}

type Reader = VariableReader<RequiredVariable, OptionalVariable>;

function databaseOf(reader: Reader, variables: Readonly<Record<string, string | undefined>>): DatabaseEnvironment {
  const connectionString = variables[connectionStringVariable];
  const byString = variables['DATABASE_AUTHENTICATION'] === 'connection-string';
  return {
    ...(byString ? targetOfString(reader, connectionString) : targetOfVariables(reader)),
    readerHost: reader.optional('DATABASE_READER_HOST'),
    authentication: reader.oneOf('DATABASE_AUTHENTICATION', ['iam', 'secret', 'password-file', 'connection-string']),
    secretArn: reader.optional('DATABASE_SECRET_ARN'),
    connectionString: byString ? connectionString : undefined,
    passwordFile: reader.optional('DATABASE_PASSWORD_FILE'),
    poolSize: reader.integer('DATABASE_POOL_SIZE', 1, 200),
    region: reader.optional('AWS_REGION'),
  };
}

function targetOfVariables(reader: Reader): Omit<ConnectionTarget, 'password'> {
  return {
    host: reader.required('DATABASE_HOST'),
    port: reader.integer('DATABASE_PORT', 1, 65535),
    name: reader.required('DATABASE_NAME'),
    user: reader.required('DATABASE_USER'),
    tls: reader.oneOf('DATABASE_TLS', ['verify-full', 'disable']),
  };
}

function targetOfString(reader: Reader, connectionString = ''): Omit<ConnectionTarget, 'password'> {
  const unknown = { host: '', port: 0, name: '', user: '', tls: 'verify-full' } as const;
  if (connectionString === '') {
    reader.report(`${connectionStringVariable} is missing; DATABASE_AUTHENTICATION=connection-string needs it`);
    return unknown;
  }
  try {
    const { password: _password, ...target } = parseConnectionString(connectionString);
    return target;
  } catch (error) {
    reader.report(`${connectionStringVariable} ${(error as Error).message}`);
    return unknown;
  }
}

function inconsistencies({ tls, bindAddress, database, sessionCookie }: Environment): string[] {
  const problems: string[] = [];
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

/** Parses the environment of this process. Prints all problems without a stack trace and exits with 1 if there are any. */
export function readProcessEnvironment(): Environment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
