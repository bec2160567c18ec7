import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ServiceEnvironment } from '../../app/src/environment.ts' with { 'resolution-mode': 'import' };
import type { DataResources } from '../data/data-resources';
import { containerPort } from '../network/service-ports';
import { shutdownGraceSeconds } from './container-contract';
import type { TaskExtension } from './task-extensions';

/** The environment of the API's tasks. Nothing in it is secret: ECS injects a connection string beside it. */
export function apiEnvironment(
  environmentName: string,
  { apiLogin, documents }: Pick<DataResources, 'apiLogin' | 'documents'>,
  connectionsPerTask: number,
  extensions: readonly TaskExtension[],
): ServiceEnvironment {
  return {
    ...extensions.reduce<TaskExtension['environment']>((all, { environment }) => ({ ...all, ...environment }), {}),
    ENVIRONMENT_NAME: environmentName,
    PORT: String(containerPort),
    SHUTDOWN_GRACE_SECONDS: String(shutdownGraceSeconds),
    DATABASE_POOL_SIZE: String(connectionsPerTask),
    ...(documents && {
      DOCUMENT_BUCKET: documents.bucketName,
      DOCUMENT_RETENTION_DAYS: String(documents.retentionDays),
    }),
    ...apiLogin.environment,
  };
}

type AdministratorEnvironment = Extract<ServiceEnvironment, { DATABASE_AUTHENTICATION: 'secret' }>;

/** ECS injects `DATABASE_USER` if only the secret contains the name of the administrator. */
type MigrationEnvironment = Omit<AdministratorEnvironment, 'DATABASE_USER'> &
  Partial<Pick<AdministratorEnvironment, 'DATABASE_USER'>>;

/** Secrets with keys, whose digests migrations store. */
export interface StoredKeys {
  /** The key of the first merchant. */
  readonly apiKey: ISecret;
  readonly operatorKey: ISecret;
  /** `undefined` without a canary. */
  readonly canaryKey: ISecret | undefined;
}

/** The environment variables of schema migrations. The task reads the administrator secret itself. */
export function migrationEnvironment(
  environmentName: string,
  { database, apiLogin: { connectionString } }: Pick<DataResources, 'database' | 'apiLogin'>,
  { apiKey, operatorKey, canaryKey }: StoredKeys,
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
    API_KEY_SECRET_ARN: apiKey.secretArn,
    OPERATOR_KEY_SECRET_ARN: operatorKey.secretArn,
    ...(canaryKey && { CANARY_KEY_SECRET_ARN: canaryKey.secretArn }),
    ...(connectionString && { CONNECTION_STRING_SECRET_ARN: connectionString.secretArn }),
  };
}
