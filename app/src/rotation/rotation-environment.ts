import { tlsProblems } from '../db/connection-string.ts';
import { VariableReader } from '../variable-reader.ts';

/**
 * The environment variables of the rotation function. The infrastructure imports this type, so a missing variable does not compile.
 *
 * Each event names the secret. Each version of the secret contains the database address.
 */
export type RotationEnvironment = Readonly<
  Record<RequiredVariable, string> & Partial<Record<OptionalVariable, string>>
>;

type RequiredVariable = 'ENVIRONMENT_NAME' | 'ADMINISTRATOR_SECRET_ARN' | 'DATABASE_HOST' | 'DATABASE_NAME';
type OptionalVariable = keyof typeof optional;

const optional = { DATABASE_PORT: '5432', DATABASE_TLS: 'verify-full', LOG_LEVEL: 'info' } as const;

/** The parsed environment variables of the rotation function. */
export interface RotationSettings {
  readonly environmentName: string;
  readonly logLevel: string;
  /** The secret with `username` and `password` of the administrator, which may set passwords. RDS manages and rotates it. */
  readonly administratorSecretArn: string;
  readonly database: { host: string; port: number; name: string; tls: 'verify-full' | 'disable' };
}

/** @throws EnvironmentError with every problem: variable, value and remedy */
export function readRotationSettings(variables: Readonly<Record<string, string | undefined>>): RotationSettings {
  const reader = new VariableReader<RequiredVariable, OptionalVariable>(variables, optional);
  const settings: RotationSettings = {
    environmentName: reader.required('ENVIRONMENT_NAME'),
    logLevel: reader.oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    administratorSecretArn: reader.required('ADMINISTRATOR_SECRET_ARN'),
    database: {
      host: reader.required('DATABASE_HOST'),
      port: reader.integer('DATABASE_PORT', 1, 65535),
      name: reader.required('DATABASE_NAME'),
      tls: reader.oneOf('DATABASE_TLS', ['verify-full', 'disable']),
    },
  };
  reader.report(...tlsProblems(settings.database));
  reader.throwIfInvalid();
  return settings;
}
