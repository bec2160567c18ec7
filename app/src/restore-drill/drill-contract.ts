import { keepsTlsRule } from '../db/connection-string.ts';
import type { DatabaseEnvironment } from '../environment.ts';
import { VariableReader } from '../variable-reader.ts';

/**
 * The environment variables of the function that checks a restored database: the contract with the infrastructure, which imports the
 * type only. They tell where the live database is; where its restored copy is comes with each event.
 */
export type DrillEnvironment = Readonly<Record<RequiredVariable, string> & Partial<Record<OptionalVariable, string>>>;

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

/** The login that migrations make for drills: it reads what a drill counts, in either database. */
const drillLogin = 'payments_drill';

/** What the function is asked: to look into one restored copy. */
export interface DrillEvent {
  readonly host: string;
  readonly port: number;
  /** When the snapshot was taken that the copy was restored from; ISO 8601. */
  readonly snapshotTakenAt: string;
}

/**
 * What it answers. Too early: the snapshot is older than the login by which a copy of it could be checked, as it is on the first day.
 * A copy that is not what it should be is no answer, but an error.
 */
export type DrillAnswer = { readonly outcome: 'verified' } | { readonly outcome: 'too-early'; readonly reason: string };

/** Those variables, parsed. */
export interface DrillSettings {
  readonly environmentName: string;
  readonly logLevel: string;
  /** The live database. */
  readonly live: DatabaseEnvironment;
}

/** @throws EnvironmentError with every problem: variable, value and remedy */
export function readDrillSettings(variables: Readonly<Record<string, string | undefined>>): DrillSettings {
  const reader = new VariableReader<RequiredVariable, OptionalVariable>(variables, optional);
  const settings: DrillSettings = {
    environmentName: reader.text('ENVIRONMENT_NAME'),
    logLevel: reader.oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    live: {
      host: reader.text('DATABASE_HOST'),
      readerHost: undefined,
      port: reader.whole('DATABASE_PORT', 1, 65535),
      name: reader.text('DATABASE_NAME'),
      user: drillLogin,
      authentication: reader.oneOf('DATABASE_AUTHENTICATION', ['iam', 'password-file']),
      secretArn: undefined,
      connectionString: undefined,
      passwordFile: reader.maybe('DATABASE_PASSWORD_FILE'),
      tls: reader.oneOf('DATABASE_TLS', ['verify-full', 'disable']),
      poolSize: 1,
      region: reader.maybe('AWS_REGION'),
    },
  };
  if (!keepsTlsRule(settings.live)) {
    reader.report(
      `DATABASE_TLS = "disable" with DATABASE_HOST = "${settings.live.host}"; without TLS connect to 127.0.0.1 only`,
    );
  }
  reader.finish();
  return settings;
}
