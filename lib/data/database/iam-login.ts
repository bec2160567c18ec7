import type { DatabaseLogin, IApiLogin, IPaymentsDatabase } from '../data-resources';

/** The API's login by IAM: each connection opens with a token of the task's role. */
export function iamLogin(database: IPaymentsDatabase): IApiLogin {
  const { readerHost } = database;
  return {
    environment: {
      ...tokenVariables(database, 'payments_api'),
      ...(readerHost !== undefined && { DATABASE_READER_HOST: readerHost }),
    },
    secrets: {},
    connectionString: undefined,
    grantTo: (taskRole) => {
      database.grantConnect(taskRole, 'payments_api');
    },
  };
}

/** The environment variables of a process that logs in with tokens of its own role. */
export function tokenVariables({ host, port, databaseName }: IPaymentsDatabase, login: DatabaseLogin) {
  return {
    DATABASE_AUTHENTICATION: 'iam',
    DATABASE_HOST: host,
    DATABASE_PORT: String(port),
    DATABASE_NAME: databaseName,
    DATABASE_USER: login,
  } as const;
}
