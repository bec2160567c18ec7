/**
 * The environment variables of the API and of schema migrations: the one contract between the processes and whoever starts them.
 *
 * The infrastructure imports the types only, so that a variable that it forgets or misspells does not compile.
 */
export type ServiceEnvironment = Readonly<Record<RequiredVariable, string>> &
  Readonly<Partial<Record<OptionalVariable, string>>>;

type RequiredVariable =
  'ENVIRONMENT_NAME' | 'DATABASE_HOST' | 'DATABASE_NAME' | 'DATABASE_USER' | 'DATABASE_AUTHENTICATION';
type OptionalVariable = keyof typeof optional;

/** The names of the business metrics that the API writes; dashboards and alarms use no other. */
export type BusinessMetricName =
  | 'PaymentsProcessed'
  | 'PaymentsApproved'
  | 'PaymentsDeclined'
  | 'PaymentDuration'
  | 'RefundsProcessed'
  | 'RequestDuration'
  | 'ServerErrors'
  | 'OutboxLag';

/** The namespace of those metrics. */
export type MetricsNamespace = 'PaymentPlatform';

/** How a process proves itself to the database. */
export type DatabaseAuthentication = 'iam' | 'secret' | 'password-file';

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
  /** File with the first API key, for a local platform. */
  readonly apiKeyFile: string | undefined;
  /** SQS queue for payment events; without it they are consumed in the process. */
  readonly eventQueueUrl: string | undefined;
  readonly sessionTtlMinutes: number;
  readonly cookieSecure: boolean;
  readonly shutdownGraceSeconds: number;
}

/** How to reach the database. */
export interface DatabaseEnvironment {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly authentication: DatabaseAuthentication;
  readonly secretArn: string | undefined;
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
  DATABASE_SECRET_ARN: undefined,
  DATABASE_PASSWORD_FILE: undefined,
  DATABASE_TLS: 'verify-full',
  DATABASE_POOL_SIZE: '10',
  API_KEY_SECRET_ARN: undefined,
  API_KEY_FILE: undefined,
  EVENT_QUEUE_URL: undefined,
  SESSION_TTL_MINUTES: '30',
  COOKIE_SECURE: 'true',
  SHUTDOWN_GRACE_SECONDS: '25',
} as const satisfies Record<string, string | undefined>;

/** Says all that is wrong with the environment at once. Values are shown, because none of them may be a secret. */
export class EnvironmentError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The environment has ${problems.length} problem(s):\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.name = 'EnvironmentError';
    this.problems = problems;
  }
}

/**
 * Parses the environment of a process.
 *
 * @throws EnvironmentError with every problem: variable, value and remedy
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const problems: string[] = [];
  // Task definitions and shells write an empty string where they have nothing to say.
  const given = (name: RequiredVariable | OptionalVariable): string | undefined =>
    variables[name] === '' ? undefined : variables[name];
  const text = (name: RequiredVariable): string => {
    const value = given(name);
    if (value === undefined) problems.push(`${name} is missing; set it`);
    return value ?? '';
  };
  const maybe = (name: OptionalVariable): string | undefined => given(name) ?? optional[name];
  const oneOf = <T extends string>(name: RequiredVariable | OptionalVariable, choices: readonly T[]): T => {
    const value = given(name) ?? (optional as Record<string, string | undefined>)[name] ?? '';
    if (!(choices as readonly string[]).includes(value))
      problems.push(`${name} = "${value}"; choose ${choices.join(' or ')}`);
    return value as T;
  };
  const whole = (name: OptionalVariable, minimum: number, maximum: number): number => {
    const value = maybe(name) ?? '';
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < minimum || number > maximum) {
      problems.push(`${name} = "${value}"; use a whole number from ${minimum} to ${maximum}`);
    }
    return number;
  };

  const database: DatabaseEnvironment = {
    host: text('DATABASE_HOST'),
    port: whole('DATABASE_PORT', 1, 65535),
    name: text('DATABASE_NAME'),
    user: text('DATABASE_USER'),
    authentication: oneOf('DATABASE_AUTHENTICATION', ['iam', 'secret', 'password-file']),
    secretArn: maybe('DATABASE_SECRET_ARN'),
    passwordFile: maybe('DATABASE_PASSWORD_FILE'),
    tls: oneOf('DATABASE_TLS', ['verify-full', 'disable']),
    poolSize: whole('DATABASE_POOL_SIZE', 1, 200),
    region: maybe('AWS_REGION'),
  };
  const environment: Environment = {
    environmentName: text('ENVIRONMENT_NAME'),
    port: whole('PORT', 0, 65535),
    bindAddress: maybe('BIND_ADDRESS') ?? '',
    tls: oneOf('TLS', ['self-signed', 'off']),
    logLevel: oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    database,
    apiKeySecretArn: maybe('API_KEY_SECRET_ARN'),
    apiKeyFile: maybe('API_KEY_FILE'),
    eventQueueUrl: maybe('EVENT_QUEUE_URL'),
    sessionTtlMinutes: whole('SESSION_TTL_MINUTES', 1, 1440),
    cookieSecure: oneOf('COOKIE_SECURE', ['true', 'false']) === 'true',
    shutdownGraceSeconds: whole('SHUTDOWN_GRACE_SECONDS', 1, 110),
  };
  problems.push(...contradictions(environment));
  if (problems.length > 0) throw new EnvironmentError(problems);
  return environment;
}

function contradictions({ tls, bindAddress, database }: Environment): string[] {
  const problems: string[] = [];
  const needs: Record<string, [string, string | undefined] | undefined> = {
    iam: ['AWS_REGION', database.region],
    secret: ['DATABASE_SECRET_ARN', database.secretArn],
    'password-file': ['DATABASE_PASSWORD_FILE', database.passwordFile],
  };
  const [variable, value] = needs[database.authentication] ?? ['DATABASE_AUTHENTICATION', ''];
  if (value === undefined)
    problems.push(`${variable} is missing; DATABASE_AUTHENTICATION=${database.authentication} needs it`);
  if (tls === 'off' && !isLoopback(bindAddress)) {
    problems.push(`TLS = "off" with BIND_ADDRESS = "${bindAddress}"; without TLS bind to 127.0.0.1 only`);
  }
  if (database.tls === 'disable' && !isLoopback(database.host)) {
    problems.push(
      `DATABASE_TLS = "disable" with DATABASE_HOST = "${database.host}"; without TLS connect to 127.0.0.1 only`,
    );
  }
  return problems;
}

function isLoopback(address: string): boolean {
  return ['127.0.0.1', '::1', 'localhost'].includes(address) || address.startsWith('/');
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
