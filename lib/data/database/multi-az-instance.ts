import { Duration, Size } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CaCertificate,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import type { MultiAzInstanceConfig } from '../../config/deployment-profile';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import { databasePort } from '../../network/service-ports';
import type { DatabaseLogin, IPaymentsDatabase } from '../data-resources';
import { acceptDestruction, backupWindow, databaseProperties } from './database-properties';
import { databaseAlarms } from './database-alarms';
import { databaseMetrics } from './database-metrics';
import { DatabaseParameterGroup } from './database-parameter-group';
import { DatabaseSubnetGroup } from './database-subnet-group';
import type { Administrator } from './credentials/database-credentials';
import type { PaymentsDatabaseProps } from './payments-database-props';
import { grantConnectToRestored } from './restored-login';

const exportedLogs = ['postgresql', 'upgrade'] as const;

export interface MultiAzInstanceProps extends PaymentsDatabaseProps {
  readonly config: MultiAzInstanceConfig;
}

/** A PostgreSQL Multi-AZ instance: its standby in another Availability Zone takes over automatically. */
export class MultiAzInstance extends Construct implements IPaymentsDatabase {
  readonly host: string;
  /** The standby accepts no connections. */
  readonly readerHost = undefined;
  readonly port = databasePort;
  readonly databaseName = 'payments';
  readonly administratorSecret: ISecret;
  readonly administratorLogin: string | undefined;
  readonly restorable = undefined;
  readonly metrics: IPaymentsDatabase['metrics'];
  readonly alarms: readonly AlarmDefinition[];
  readonly #instance: DatabaseInstance;
  readonly #administrator: Administrator;
  readonly #restoredId: string | undefined;

  constructor(scope: Construct, id: string, props: MultiAzInstanceProps) {
    super(scope, id);
    const { config, names, credentials, expectedConnections } = props;
    const instanceIdentifier = names.of('database');
    const major = config.engineVersion;
    const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.of(major, major) });
    const properties = databaseProperties(config, props);
    // Otherwise RDS creates the log groups, which are unencrypted and outlive the instance.
    const logGroups = exportedLogs.map(
      (log) => new LogGroup(this, `${log}Log`, { logGroupName: `/aws/rds/instance/${instanceIdentifier}/${log}` }),
    );
    const administrator = credentials.bind(this);
    this.#instance = new DatabaseInstance(this, 'Instance', {
      instanceIdentifier,
      engine,
      instanceType: new InstanceType(config.instanceType),
      multiAz: true,
      allocatedStorage: config.allocatedStorageGiB,
      storageType: StorageType.GP3,
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      // Minor upgrades in the maintenance window (PCI DSS 6.3).
      autoMinorVersionUpgrade: true,
      publiclyAccessible: false,
      databaseName: this.databaseName,
      ...administrator.databaseProps,
      backupRetention: Duration.days(config.backupRetentionDays),
      preferredBackupWindow: backupWindow,
      deleteAutomatedBackups: true,
      cloudwatchLogsExports: [...exportedLogs],
      ...properties,
      subnetGroup: new DatabaseSubnetGroup(this, 'Subnets', { ...props, identifier: instanceIdentifier }),
      parameterGroup: new DatabaseParameterGroup(this, 'Parameters', {
        ...props,
        engine,
        identifier: instanceIdentifier,
        family: `postgres${major}`,
      }),
    });
    this.#instance.node.addDependency(...logGroups);
    this.host = this.#instance.dbInstanceEndpointAddress;
    this.#restoredId = config.restored?.resourceId;
    this.#administrator = administrator.attach(this.#instance);
    this.administratorSecret = this.#administrator.secret;
    this.administratorLogin = this.#administrator.login;
    this.metrics = databaseMetrics(this.#instance);
    this.alarms = [
      ...databaseAlarms(this.metrics, { expectedConnections, freeMemory: Size.mebibytes(100) }),
      ...this.#administrator.alarms,
    ];
    acceptFindings(this, ['AwsSolutions-RDS11'], {
      reason: 'A non-default port gives no protection in a private subnet.',
      compensatingControl:
        'The security group allows only the platform’s tasks and functions, and every connection uses TLS and is authenticated.',
    });
    if (!properties.deletionProtection) acceptDestruction(this);
  }

  grantConnect(grantee: IGrantable, login: DatabaseLogin): void {
    if (this.#restoredId === undefined) this.#instance.grantConnect(grantee, login);
    else grantConnectToRestored(this, this.#restoredId, grantee, login);
  }

  grantAdminister(grantee: IGrantable): void {
    this.#administrator.grantRead(grantee);
  }
}
