import type { ServiceEnvironment } from '../../app/src/environment.ts' with { 'resolution-mode': 'import' };
import type { IPaymentsDatabase } from '../data/data-resources';
import { containerPort, shutdownGraceSeconds } from './container-contract';

/** The environment of the API's tasks. Nothing in it is secret: the database is reached with tokens of the task's role. */
export function apiEnvironment(
  environmentName: string,
  database: IPaymentsDatabase,
  connectionsPerTask: number,
): ServiceEnvironment {
  return {
    ENVIRONMENT_NAME: environmentName,
    PORT: String(containerPort),
    SHUTDOWN_GRACE_SECONDS: String(shutdownGraceSeconds),
    DATABASE_HOST: database.host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.databaseName,
    DATABASE_USER: 'payments_api',
    DATABASE_AUTHENTICATION: 'iam',
    DATABASE_POOL_SIZE: String(connectionsPerTask),
  };
}

type AdministratorEnvironment = Extract<ServiceEnvironment, { DATABASE_AUTHENTICATION: 'secret' }>;

/** The administrator's name is injected where nobody but the secret knows it. */
type MigrationEnvironment = Omit<AdministratorEnvironment, 'DATABASE_USER'> &
  Partial<Pick<AdministratorEnvironment, 'DATABASE_USER'>>;

/** The environment of schema migrations: the administrator's secret is named here and read by the task itself. */
export function migrationEnvironment(
  environmentName: string,
  database: IPaymentsDatabase,
  apiKeySecretArn: string,
): MigrationEnvironment {
  return {
    ENVIRONMENT_NAME: environmentName,
    DATABASE_HOST: database.host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.databaseName,
    // Without it here, the task gets it from the secret when it starts.
    ...(database.administratorLogin !== undefined && { DATABASE_USER: database.administratorLogin }),
    DATABASE_AUTHENTICATION: 'secret',
    DATABASE_SECRET_ARN: database.administratorSecret.secretArn,
    API_KEY_SECRET_ARN: apiKeySecretArn,
  };
}
