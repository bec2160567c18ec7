import type { DatabaseEnvironment } from '../environment.ts';
import { VariableReader } from '../variable-reader.ts';
import { tlsProblems } from './connection-string.ts';

/**
 * The environment variables of a Lambda function with its own database login. The infrastructure imports this type, so a missing variable
 * does not compile.
 */
export type LoginEnvironment = Readonly<Record<RequiredVariable, string> & Partial<Record<OptionalVariable, string>>>;

type RequiredVariable = 'ENVIRONMENT_NAME' | 'DATABASE_HOST' | 'DATABASE_NAME';
type OptionalVariable = keyof typeof optional;

const optional = {
  AWS_REGION: undefined,
  DATABASE_PORT: '5432',
  DATABASE_AUTHENTICATION: 'iam',
  DATABASE_PASSWORD_FILE: undefined,
  DATABASE_TLS: 'verify-full',
  LOG_LEVEL: 'info',
} as const;

/** The parsed environment variables of a function with its own database login. */
export interface LoginSettings {
  readonly environmentName: string;
  readonly logLevel: string;
  readonly database: DatabaseEnvironment;
}

/**
 * Reads the settings to connect as `login`, which migrations create.
 *
 * @throws EnvironmentError with every problem: variable, value and remedy
 */
export function readLoginSettings(
  variables: Readonly<Record<string, string | undefined>>,
  login: string,
): LoginSettings {
  const reader = new VariableReader<RequiredVariable, OptionalVariable>(variables, optional);
  const settings: LoginSettings = {
    environmentName: reader.required('ENVIRONMENT_NAME'),
    logLevel: reader.oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    database: {
      host: reader.required('DATABASE_HOST'),
      readerHost: undefined,
      port: reader.integer('DATABASE_PORT', 1, 65535),
      name: reader.required('DATABASE_NAME'),
      user: login,
      authentication: reader.oneOf('DATABASE_AUTHENTICATION', ['iam', 'password-file']),
      secretArn: undefined,
      connectionString: undefined,
      passwordFile: reader.optional('DATABASE_PASSWORD_FILE'),
      tls: reader.oneOf('DATABASE_TLS', ['verify-full', 'disable']),
      poolSize: 1,
      region: reader.optional('AWS_REGION'),
    },
  };
  reader.report(...tlsProblems(settings.database));
  reader.throwIfInvalid();
  return settings;
}
