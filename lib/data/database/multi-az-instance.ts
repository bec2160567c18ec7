import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CaCertificate,
  DatabaseInstance,
  DatabaseInstanceEngine,
  ParameterGroup,
  PerformanceInsightRetention,
  PostgresEngineVersion,
  StorageType,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import type { MultiAzInstanceConfig } from '../../config/deployment-profile';
import type { AlarmDefinition } from '../../conventions/alarm-definition';
import type { DatabaseLogin, IPaymentsDatabase } from '../data-resources';
import { type Administrator, createAdministrator } from './create-administrator';
import { createCredentialRotation } from './create-credential-rotation';
import { databaseAlarms } from './database-alarms';
import { databaseParameters } from './database-parameters';
import { managedSecretOf } from './managed-secret';
import type { PaymentsDatabaseProps } from './payments-database-props';

const mebibyte = 1024 * 1024;
const exportedLogs = ['postgresql', 'upgrade'] as const;

/** What this variant is told beyond what every database is. */
export interface MultiAzInstanceProps extends PaymentsDatabaseProps {
  readonly config: MultiAzInstanceConfig;
}

/** One PostgreSQL instance with a standby in another zone, which takes over by itself. */
export class MultiAzInstance extends Construct implements IPaymentsDatabase {
  readonly host: string;
  readonly port = 5432;
  readonly databaseName = 'payments';
  readonly administratorSecret: ISecret;
  readonly administratorLogin: string | undefined;
  readonly metrics: IPaymentsDatabase['metrics'];
  readonly alarms: readonly AlarmDefinition[];
  readonly #instance: DatabaseInstance;
  readonly #administrator: Administrator;

  constructor(scope: Construct, id: string, props: MultiAzInstanceProps) {
    super(scope, id);
    const { config, names, network, key, expectedConnections, mayBeDestroyed } = props;
    const instanceIdentifier = names.of('database');
    const [major = ''] = config.engineVersion.split('.');
    const engine = DatabaseInstanceEngine.postgres({
      version: PostgresEngineVersion.of(config.engineVersion, major),
    });
    // Declared here, because the group that RDS makes by itself is unencrypted and outlives the instance.
    const logGroups = exportedLogs.map(
      (log) => new LogGroup(this, `${log}Log`, { logGroupName: `/aws/rds/instance/${instanceIdentifier}/${log}` }),
    );
    this.#administrator = createAdministrator(this, 'Administrator', config.credentials, props);
    const isProtected = config.deletionProtection !== 'off' && !mayBeDestroyed;
    this.#instance = new DatabaseInstance(this, 'Instance', {
      instanceIdentifier,
      engine,
      instanceType: new InstanceType(config.instanceType),
      multiAz: true,
      allocatedStorage: config.allocatedStorageGiB,
      storageType: StorageType.GP3,
      storageEncrypted: true,
      storageEncryptionKey: key,
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      // Patches of one minor line, applied in the maintenance window (PCI DSS 6.3).
      autoMinorVersionUpgrade: true,
      parameterGroup: new ParameterGroup(this, 'Parameters', {
        engine,
        description: `Parameters of ${instanceIdentifier}`,
        name: names.of('parameter-group', `postgres${major}`),
        parameters: databaseParameters,
      }),
      vpc: network.vpc,
      vpcSubnets: network.dataSubnets,
      subnetGroup: new SubnetGroup(this, 'Subnets', {
        vpc: network.vpc,
        vpcSubnets: network.dataSubnets,
        description: `Subnets of ${instanceIdentifier}`,
        subnetGroupName: names.of('subnet-group', 'database'),
      }),
      securityGroups: [network.securityGroups.database],
      publiclyAccessible: false,
      port: this.port,
      databaseName: this.databaseName,
      ...this.#administrator.ofDatabase,
      iamAuthentication: true,
      backupRetention: Duration.days(config.backupRetentionDays),
      preferredBackupWindow: '01:00-02:00',
      preferredMaintenanceWindow: 'sun:03:00-sun:04:00',
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: true,
      deletionProtection: isProtected,
      removalPolicy: RemovalPolicy.DESTROY,
      cloudwatchLogsExports: [...exportedLogs],
      enablePerformanceInsights: true,
      performanceInsightRetention: PerformanceInsightRetention.DEFAULT,
      performanceInsightEncryptionKey: key,
    });
    this.#instance.node.addDependency(...logGroups);
    this.host = this.#instance.dbInstanceEndpointAddress;
    this.administratorSecret = this.#administrator.secret ?? managedSecretOf(this.#instance);
    this.administratorLogin = this.#administrator.login;
    createCredentialRotation(this, 'Rotation', config.credentials, this.administratorSecret);
    this.metrics = {
      connections: this.#instance.metricDatabaseConnections({ statistic: Stats.MAXIMUM }),
      cpuPercent: this.#instance.metricCPUUtilization({ statistic: Stats.MAXIMUM }),
      freeableMemoryBytes: this.#instance.metricFreeableMemory({ statistic: Stats.MINIMUM }),
    };
    this.alarms = databaseAlarms(this.metrics, { expectedConnections, freeMemoryBytes: 100 * mebibyte });
    acceptFindings(this, ['AwsSolutions-RDS11'], {
      reason:
        'The port is part of what the security groups’ table says; hiding it protects nothing in a private subnet.',
      compensatingControl: 'The security group admits API tasks only, and every connection is TLS and authenticated.',
    });
    if (!isProtected) acceptDestruction(this);
  }

  grantConnect(grantee: IGrantable, login: DatabaseLogin): void {
    this.#instance.grantConnect(grantee, login);
  }

  grantAdminister(grantee: IGrantable): void {
    this.administratorSecret.grantRead(grantee);
    this.#administrator.grantDecrypt(grantee);
  }
}

function acceptDestruction(database: Construct): void {
  acceptFindings(database, ['AwsSolutions-RDS10'], {
    reason: 'Whoever deploys has said that this environment may be destroyed, the database included.',
    compensatingControl: 'Continuous backups reach back for the whole retention period while the instance exists.',
  });
}
