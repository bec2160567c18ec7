import { Duration, Size } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { AuroraPostgresEngineVersion, DatabaseCluster, DatabaseClusterEngine } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acceptFinding } from '../../compliance/accepted-findings';
import type { AuroraConfig } from '../../config/deployment-profile';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import { databasePort } from '../../network/service-ports';
import type { DatabaseLogin, IPaymentsDatabase, RestorableCluster } from '../data-resources';
import { createAuroraInstances } from './create-aurora-instances';
import { acceptDestruction, backupWindow, databaseProperties } from './database-properties';
import { databaseAlarms } from './database-alarms';
import { databaseMetrics } from './database-metrics';
import { DatabaseParameterGroup } from './database-parameter-group';
import { DatabaseSubnetGroup } from './database-subnet-group';
import type { Administrator } from './credentials/database-credentials';
import type { PaymentsDatabaseProps } from './payments-database-props';
import { grantConnectToRestored } from './restored-login';

export interface AuroraClusterProps extends PaymentsDatabaseProps {
  readonly config: AuroraConfig;
}

/** An Aurora PostgreSQL cluster with a writer and readers in different Availability Zones. */
export class AuroraCluster extends Construct implements IPaymentsDatabase {
  readonly host: string;
  readonly readerHost: string | undefined;
  readonly port = databasePort;
  readonly databaseName = 'payments';
  readonly administratorSecret: ISecret;
  readonly administratorLogin: string | undefined;
  readonly restorable: RestorableCluster;
  readonly metrics: IPaymentsDatabase['metrics'];
  readonly alarms: readonly AlarmDefinition[];
  readonly #cluster: DatabaseCluster;
  readonly #administrator: Administrator;
  readonly #restoredId: string | undefined;

  constructor(scope: Construct, id: string, props: AuroraClusterProps) {
    super(scope, id);
    const { config, names, key, credentials, expectedConnections } = props;
    const clusterIdentifier = names.of('database');
    const [major = ''] = config.engineVersion.split('.');
    const engine = DatabaseClusterEngine.auroraPostgres({
      version: AuroraPostgresEngineVersion.of(config.engineVersion, major),
    });
    const subnetGroup = new DatabaseSubnetGroup(this, 'Subnets', { ...props, identifier: clusterIdentifier });
    const parameterGroup = new DatabaseParameterGroup(this, 'Parameters', {
      ...props,
      engine,
      identifier: clusterIdentifier,
      family: `aurora-postgresql${major}`,
    });
    const properties = databaseProperties(config, props);
    // Otherwise RDS creates the log group, which is unencrypted and outlives the cluster.
    const logGroup = new LogGroup(this, 'LogGroup', {
      logGroupName: `/aws/rds/cluster/${clusterIdentifier}/postgresql`,
    });
    const administrator = credentials.bind(this);
    this.#cluster = new DatabaseCluster(this, 'Cluster', {
      clusterIdentifier,
      engine,
      ...createAuroraInstances(config, { names, key }),
      defaultDatabaseName: this.databaseName,
      ...administrator.databaseProps,
      backup: { retention: Duration.days(config.backupRetentionDays), preferredWindow: backupWindow },
      cloudwatchLogsExports: ['postgresql'],
      ...properties,
      subnetGroup,
      parameterGroup,
    });
    this.#cluster.node.addDependency(logGroup);
    acceptFinding(this.#cluster, {
      rule: 'PCI.DSS.321-RDSAutomaticMinorVersionUpgradeEnabled',
      reason: 'The profile sets the minor version. An automatic upgrade would differ from the template.',
      compensatingControl: 'The version has long-term support, and RDS applies its patches in the maintenance window.',
    });
    this.restorable = {
      clusterIdentifier,
      subnetGroupName: subnetGroup.subnetGroupName,
      parameterGroupName: parameterGroup.bindToCluster({}).parameterGroupName,
    };
    this.host = this.#cluster.clusterEndpoint.hostname;
    this.readerHost = config.readerCount > 0 ? this.#cluster.clusterReadEndpoint.hostname : undefined;
    this.#restoredId = config.restored?.resourceId;
    this.#administrator = administrator.attach(this.#cluster);
    this.administratorSecret = this.#administrator.secret;
    this.administratorLogin = this.#administrator.login;
    this.metrics = databaseMetrics(this.#cluster);
    this.alarms = [
      ...databaseAlarms(this.metrics, { expectedConnections, freeMemory: Size.mebibytes(200) }),
      ...this.#administrator.alarms,
    ];
    if (!properties.deletionProtection) acceptDestruction(this);
  }

  grantConnect(grantee: IGrantable, login: DatabaseLogin): void {
    if (this.#restoredId === undefined) this.#cluster.grantConnect(grantee, login);
    else grantConnectToRestored(this, this.#restoredId, grantee, login);
  }

  grantAdminister(grantee: IGrantable): void {
    this.#administrator.grantRead(grantee);
  }
}
