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

/** The logins that migrations create; no role but the administrator can change the schema. */
export type DatabaseLogin = 'payments_api' | 'payments_worker' | 'payments_key_rotation';

/** A cluster whose snapshots can be restored, and what a restored copy shares with it. */
export interface RestorableCluster {
  readonly clusterIdentifier: string;
  readonly subnetGroupName: string;
  readonly parameterGroupName: string;
}

/** The payments database as the other tiers see it, whichever variant serves it. */
export interface IPaymentsDatabase {
  /** Host name of the writer; certificates are issued for it. */
  readonly host: string;
  /** Host name of the readers, each connection to one of them; `undefined` when there is none. */
  readonly readerHost: string | undefined;
  readonly port: number;
  readonly databaseName: string;
  /** User name and password of the administrator, as JSON; rotated. */
  readonly administratorSecret: ISecret;
  /** The administrator's user name; `undefined` when only the secret knows it. */
  readonly administratorLogin: string | undefined;
  /** `undefined` where it is no cluster. */
  readonly restorable: RestorableCluster | undefined;
  readonly metrics: {
    readonly connections: IMetric;
    readonly cpuPercent: IMetric;
    readonly freeableMemoryBytes: IMetric;
  };
  readonly alarms: readonly AlarmDefinition[];
  /** Lets `grantee` open connections as `login`, authenticated by IAM. */
  grantConnect(grantee: IGrantable, login: DatabaseLogin): void;
  /** Lets `grantee` read the administrator's credential: migrations, and the function that rotates the connection string. */
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

/** The documents of payments as the other tiers see them. */
export interface IDocumentBucket {
  readonly bucketName: string;
  /** The host of its addresses. */
  readonly regionalDomainName: string;
  /** After how many days a document is removed. */
  readonly retentionDays: number;
  readonly alarms: readonly AlarmDefinition[];
  /** Lets `grantee` sign requests that store and fetch documents, and see whether one is there. */
  grantUse(grantee: IGrantable & IConstruct): void;
}

/** What the data tier offers to the tiers above it. */
export interface DataResources {
  readonly database: IPaymentsDatabase;
  readonly apiLogin: IApiLogin;
  /** `undefined` where no documents are kept. */
  readonly documents: IDocumentBucket | undefined;
  readonly alarms: readonly AlarmDefinition[];
  /** Encrypts secrets. */
  readonly secretsKey: IKey;
}
