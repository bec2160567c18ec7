import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import type { SecretVariable, ServiceEnvironment } from '../../app/src/environment.ts' with {
  'resolution-mode': 'import',
};
import type { DatabaseLogin, DataResources, IPaymentsDatabase } from '../data/data-resources';
import type { TaskExtension } from './task-extensions';
import { containerPort } from '../network/service-ports';
import { shutdownGraceSeconds } from './container-contract';

/**
 * The environment variables of the API tasks. None is secret: the API uses IAM tokens, or a connection string that ECS injects as a
 * secret.
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

/** Environment variables for IAM database authentication of a login. */
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

/** ECS injects `DATABASE_USER` if only the secret contains the name of the administrator. */
type MigrationEnvironment = Omit<AdministratorEnvironment, 'DATABASE_USER'> &
  Partial<Pick<AdministratorEnvironment, 'DATABASE_USER'>>;

/** The environment variables of schema migrations. The task reads the administrator secret itself. */
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
    // Otherwise ECS injects it from the secret at task start.
    ...(database.administratorLogin !== undefined && { DATABASE_USER: database.administratorLogin }),
    DATABASE_AUTHENTICATION: 'secret',
    DATABASE_SECRET_ARN: database.administratorSecret.secretArn,
    API_KEY_SECRET_ARN: apiKeySecretArn,
    ...(connectionString && { CONNECTION_STRING_SECRET_ARN: connectionString.secretArn }),
  };
}

/** Secrets that ECS injects into the API tasks. */
export function apiSecrets({
  connectionString,
}: Pick<DataResources, 'connectionString'>): Partial<Record<SecretVariable, EcsSecret>> {
  if (!connectionString) return {};
  return { DATABASE_CONNECTION_STRING: EcsSecret.fromSecretsManager(connectionString, 'connectionString') };
}
