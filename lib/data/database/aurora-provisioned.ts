import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  AuroraPostgresEngineVersion,
  CaCertificate,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  ParameterGroup,
  PerformanceInsightRetention,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import type { AuroraProvisionedConfig } from '../../config/deployment-profile';
import type { AlarmDefinition } from '../../conventions/alarm-definition';
import type { DatabaseLogin, IPaymentsDatabase } from '../data-resources';
import { type Administrator, createAdministrator } from './create-administrator';
import { createCredentialRotation } from './create-credential-rotation';
import { databaseAlarms } from './database-alarms';
import { databaseParameters } from './database-parameters';
import { managedSecretOf } from './managed-secret';
import type { PaymentsDatabaseProps } from './payments-database-props';

const mebibyte = 1024 * 1024;

/** What this variant is told beyond what every database is. */
export interface AuroraProvisionedProps extends PaymentsDatabaseProps {
  readonly config: AuroraProvisionedConfig;
}

/** An Aurora PostgreSQL cluster of one writer and some readers, each in another zone. */
export class AuroraProvisioned extends Construct implements IPaymentsDatabase {
  readonly host: string;
  readonly port = 5432;
  readonly databaseName = 'payments';
  readonly administratorSecret: ISecret;
  readonly administratorLogin: string | undefined;
  readonly metrics: IPaymentsDatabase['metrics'];
  readonly alarms: readonly AlarmDefinition[];
  readonly #cluster: DatabaseCluster;
  readonly #administrator: Administrator;

  constructor(scope: Construct, id: string, props: AuroraProvisionedProps) {
    super(scope, id);
    const { config, names, network, key, expectedConnections, mayBeDestroyed } = props;
    const isProtected = config.deletionProtection !== 'off' && !mayBeDestroyed;
    const clusterIdentifier = names.of('database');
    const [major = ''] = config.engineVersion.split('.');
    const engine = DatabaseClusterEngine.auroraPostgres({
      version: AuroraPostgresEngineVersion.of(config.engineVersion, major),
    });
    // Enhanced monitoring is left off: it writes into a log group of the whole account, unencrypted and outliving every environment.
    const performanceInsights = {
      enablePerformanceInsights: true,
      performanceInsightRetention: PerformanceInsightRetention.DEFAULT,
      performanceInsightEncryptionKey: key,
    };
    const instance = (role: string) =>
      ClusterInstance.provisioned(role, {
        instanceIdentifier: names.of('database', role),
        instanceType: new InstanceType(config.instanceType),
        caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
        // Patches of one minor line, applied in the maintenance window (PCI DSS 6.3).
        autoMinorVersionUpgrade: true,
        ...performanceInsights,
      });
    // Declared here, because the group that RDS makes by itself is unencrypted and outlives the cluster.
    const logGroup = new LogGroup(this, 'LogGroup', {
      logGroupName: `/aws/rds/cluster/${clusterIdentifier}/postgresql`,
    });
    this.#administrator = createAdministrator(this, 'Administrator', config.credentials, props);
    this.#cluster = new DatabaseCluster(this, 'Cluster', {
      clusterIdentifier,
      engine,
      writer: instance('writer'),
      readers: Array.from({ length: config.readerCount }, (_, index) => instance(`reader${index + 1}`)),
      parameterGroup: new ParameterGroup(this, 'Parameters', {
        engine,
        description: `Parameters of ${clusterIdentifier}`,
        // A new major version replaces the group, and CloudFormation makes the new one before it deletes the old.
        name: names.of('parameter-group', `aurora-postgresql${major}`),
        parameters: databaseParameters,
      }),
      vpc: network.vpc,
      vpcSubnets: network.dataSubnets,
      subnetGroup: new SubnetGroup(this, 'Subnets', {
        vpc: network.vpc,
        vpcSubnets: network.dataSubnets,
        description: `Subnets of ${clusterIdentifier}`,
        subnetGroupName: names.of('subnet-group', 'database'),
      }),
      securityGroups: [network.securityGroups.database],
      port: this.port,
      defaultDatabaseName: this.databaseName,
      ...this.#administrator.ofDatabase,
      iamAuthentication: true,
      storageEncrypted: true,
      storageEncryptionKey: key,
      backup: { retention: Duration.days(config.backupRetentionDays), preferredWindow: '01:00-02:00' },
      preferredMaintenanceWindow: 'sun:03:00-sun:04:00',
      copyTagsToSnapshot: true,
      deletionProtection: isProtected,
      removalPolicy: RemovalPolicy.DESTROY,
      cloudwatchLogsExports: ['postgresql'],
      ...performanceInsights,
    });
    this.#cluster.node.addDependency(logGroup);
    this.host = this.#cluster.clusterEndpoint.hostname;
    this.administratorSecret = this.#administrator.secret ?? managedSecretOf(this.#cluster);
    this.administratorLogin = this.#administrator.login;
    createCredentialRotation(this, 'Rotation', config.credentials, this.administratorSecret);
    // The worst instance counts: an average would hide a failing writer behind its idle readers.
    this.metrics = {
      connections: this.#cluster.metricDatabaseConnections({ statistic: Stats.MAXIMUM }),
      cpuPercent: this.#cluster.metricCPUUtilization({ statistic: Stats.MAXIMUM }),
      freeableMemoryBytes: this.#cluster.metricFreeableMemory({ statistic: Stats.MINIMUM }),
    };
    this.alarms = databaseAlarms(this.metrics, { expectedConnections, freeMemoryBytes: 200 * mebibyte });
    if (!isProtected) acceptDatabaseFindings(this);
  }

  grantConnect(grantee: IGrantable, login: DatabaseLogin): void {
    this.#cluster.grantConnect(grantee, login);
  }

  grantAdminister(grantee: IGrantable): void {
    this.administratorSecret.grantRead(grantee);
    this.#administrator.grantDecrypt(grantee);
  }
}

function acceptDatabaseFindings(database: Construct): void {
  acceptFindings(database, ['AwsSolutions-RDS10'], {
    reason: 'Environments of this profile are made and destroyed by one command, the database included.',
    compensatingControl: 'Continuous backups reach back for the whole retention period while the cluster exists.',
  });
}
