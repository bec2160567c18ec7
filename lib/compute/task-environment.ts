import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import type { SecretVariable, ServiceEnvironment } from '../../app/src/environment.ts' with {
  'resolution-mode': 'import',
};
import type { DatabaseLogin, DataResources, IPaymentsDatabase } from '../data/data-resources';
import type { TaskExtension } from './task-extensions';
import { containerPort } from '../network/service-ports';
import { shutdownGraceSeconds } from './container-contract';

/**
 * The environment of the API's tasks. Nothing in it is secret: the database is reached with tokens of the task's role, or with the
 * connection string that ECS injects beside it.
 */
export function apiEnvironment(
  environmentName: string,
  { database, connectionString, documents }: Pick<DataResources, 'database' | 'connectionString' | 'documents'>,
  connectionsPerTask: number,
  extensions: readonly TaskExtension[],
): ServiceEnvironment {
  const common = {
    ...extensions.reduce<TaskExtension['environment']>((all, { environment }) => ({ ...all, ...environment }), {}),
    ENVIRONMENT_NAME: environmentName,
    PORT: String(containerPort),
    SHUTDOWN_GRACE_SECONDS: String(shutdownGraceSeconds),
    DATABASE_POOL_SIZE: String(connectionsPerTask),
    ...(documents && {
      DOCUMENT_BUCKET: documents.bucketName,
      DOCUMENT_RETENTION_DAYS: String(documents.retentionDays),
    }),
  };
  if (connectionString) {
    return {
      ...common,
      DATABASE_AUTHENTICATION: 'connection-string',
      DATABASE_SECRET_ARN: connectionString.secretArn,
    };
  }
  return {
    ...common,
    ...loginByToken(database, 'payments_api'),
    ...(database.readerHost !== undefined && { DATABASE_READER_HOST: database.readerHost }),
  };
}

/** How a login proves itself to the database with tokens of its process's own role. */
export function loginByToken({ host, port, databaseName }: IPaymentsDatabase, login: DatabaseLogin) {
  return {
    DATABASE_AUTHENTICATION: 'iam',
    DATABASE_HOST: host,
    DATABASE_PORT: String(port),
    DATABASE_NAME: databaseName,
    DATABASE_USER: login,
  } as const;
}

type AdministratorEnvironment = Extract<ServiceEnvironment, { DATABASE_AUTHENTICATION: 'secret' }>;

/** The administrator's name is injected where nobody but the secret knows it. */
type MigrationEnvironment = Omit<AdministratorEnvironment, 'DATABASE_USER'> &
  Partial<Pick<AdministratorEnvironment, 'DATABASE_USER'>>;

/** The environment of schema migrations: the administrator's secret is named here and read by the task itself. */
export function migrationEnvironment(
  environmentName: string,
  { database, connectionString }: Pick<DataResources, 'database' | 'connectionString'>,
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
    ...(connectionString && { CONNECTION_STRING_SECRET_ARN: connectionString.secretArn }),
  };
}

/** What ECS injects into the API's tasks from Secrets Manager. */
export function apiSecrets({
  connectionString,
}: Pick<DataResources, 'connectionString'>): Partial<Record<SecretVariable, EcsSecret>> {
  if (!connectionString) return {};
  return { DATABASE_CONNECTION_STRING: EcsSecret.fromSecretsManager(connectionString, 'connectionString') };
}
