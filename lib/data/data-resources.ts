import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import type { SecretVariable, ServiceEnvironment } from '../../app/src/environment.ts' with {
  'resolution-mode': 'import',
};
import type { AlarmDefinition } from '../constructs/alarm-definition';

/** The database logins that migrations create. Only the administrator can change the schema. */
export type DatabaseLogin = 'payments_api' | 'payments_worker' | 'payments_key_rotation';

/** The cluster that the restore drill copies, and the groups that the copy shares with it. */
export interface RestorableCluster {
  readonly clusterIdentifier: string;
  readonly subnetGroupName: string;
  readonly parameterGroupName: string;
}

/** The payments database, of any kind. */
export interface IPaymentsDatabase {
  /** Host name of the writer. Its certificate is valid for this name. */
  readonly host: string;
  /** The reader endpoint; `undefined` if there are no readers. */
  readonly readerHost: string | undefined;
  readonly port: number;
  readonly databaseName: string;
  /** User name and password of the administrator, as JSON. */
  readonly administratorSecret: ISecret;
  /** User name of the administrator; `undefined` if only the secret contains it. */
  readonly administratorLogin: string | undefined;
  /** `undefined` if the database is not a cluster. */
  readonly restorable: RestorableCluster | undefined;
  readonly metrics: {
    readonly connections: IMetric;
    readonly cpuPercent: IMetric;
    readonly freeableMemoryBytes: IMetric;
  };
  readonly alarms: readonly AlarmDefinition[];
  /** Grants connecting as `login` with IAM database authentication. */
  grantConnect(grantee: IGrantable, login: DatabaseLogin): void;
  /** Grants reading the administrator secret, for migrations and the rotation of the connection string. */
  grantAdminister(grantee: IGrantable): void;
}

/** The environment variables with which a task of the API logs in, by IAM or with a connection string. */
type LoginEnvironment =
  | Pick<
      Extract<ServiceEnvironment, { DATABASE_AUTHENTICATION: 'iam' }>,
      | 'DATABASE_AUTHENTICATION'
      | 'DATABASE_HOST'
      | 'DATABASE_PORT'
      | 'DATABASE_NAME'
      | 'DATABASE_USER'
      | 'DATABASE_READER_HOST'
    >
  | Pick<
      Extract<ServiceEnvironment, { DATABASE_AUTHENTICATION: 'connection-string' }>,
      'DATABASE_AUTHENTICATION' | 'DATABASE_SECRET_ARN'
    >;

/** How the API logs in to the database, whichever credentials the profile has. */
export interface IApiLogin {
  readonly environment: LoginEnvironment;
  /** Variables that ECS reads from Secrets Manager when a task starts. */
  readonly secrets: Readonly<Partial<Record<SecretVariable, EcsSecret>>>;
  /** The secret into which migrations write the first connection string; `undefined` where the API logs in without one. */
  readonly connectionString: ISecret | undefined;
  /** Lets tasks with this role log in. */
  grantTo(taskRole: IGrantable): void;
}

/** The bucket of payment documents. */
export interface IDocumentBucket {
  readonly bucketName: string;
  /** The host name of the URLs of documents. */
  readonly regionalDomainName: string;
  /** Age at which a document is deleted, in days. */
  readonly retentionDays: number;
  readonly alarms: readonly AlarmDefinition[];
  /** Grants storing and reading documents with presigned URLs, and checking their existence. */
  grantUse(grantee: IGrantable & IConstruct): void;
}

/** The resources of the data tier for the other tiers. */
export interface DataResources {
  readonly database: IPaymentsDatabase;
  readonly apiLogin: IApiLogin;
  /** `undefined` if the profile stores no documents. */
  readonly documents: IDocumentBucket | undefined;
  readonly alarms: readonly AlarmDefinition[];
  /** The KMS key of secrets. */
  readonly secretsKey: IKey;
}
