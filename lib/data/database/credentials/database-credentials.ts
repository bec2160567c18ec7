import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Credentials } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { AlarmDefinition } from '../../../constructs/alarm-definition';
import type { IApiLogin, IPaymentsDatabase } from '../../data-resources';

/**
 * How the administrator and the API log in to the payments database, and who rotates what they log in with.
 *
 * Each kind of `database.credentials` is one class; `createDatabaseCredentials` chooses it. The database and the data tier call the
 * methods and never ask which kind it is.
 */
export interface IDatabaseCredentials {
  /**
   * Called by the database before it creates its cluster or instance.
   *
   * @param scope the database; what the administrator needs becomes its child `Administrator`, the rotation its child `Rotation`
   */
  bind(scope: Construct): AdministratorBinding;
  /**
   * Called by the data tier once the database is complete.
   *
   * @param scope the stack; a connection string becomes its child `ConnectionString`
   */
  bindApi(scope: Construct, database: IPaymentsDatabase): ApiLoginBinding;
}

/** The administrator of a database that is about to be created. */
export interface AdministratorBinding {
  /** Properties of the cluster or instance. */
  readonly databaseProps: { readonly credentials: Credentials; readonly manageMasterUserPassword?: boolean };
  /** Called once with the cluster or instance: starts the rotation. */
  attach(database: { readonly secret?: ISecret }): Administrator;
}

/** The administrator of a database. */
export interface Administrator {
  /** User name and password, as JSON. */
  readonly secret: ISecret;
  /** The user's name; `undefined` when only the secret knows it. */
  readonly login: string | undefined;
  /** Alarms on the rotation of the secret. */
  readonly alarms: readonly AlarmDefinition[];
  /** Lets `grantee` read the secret. */
  grantRead(grantee: IGrantable): void;
}

/** The API's login, and the alarms on what it depends on. */
export interface ApiLoginBinding {
  readonly login: IApiLogin;
  readonly alarms: readonly AlarmDefinition[];
}
