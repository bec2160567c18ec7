import { RemovalPolicy } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type IEngine, ParameterGroup, PerformanceInsightRetention, SubnetGroup } from 'aws-cdk-lib/aws-rds';
import type { DatabaseInstance, IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import type { DatabaseConfig } from '../../config/deployment-profile';
import { databasePort } from '../../network/service-ports';
import type { IPaymentsDatabase } from '../data-resources';
import { databaseParameters, sessionNames } from './database-parameters';
import type { PaymentsDatabaseProps } from './payments-database-props';

/** What one variant says of itself. */
export interface DatabaseIdentity {
  readonly identifier: string;
  readonly engine: IEngine;
  /** The engine with its major version, as parameter groups are named: `aurora-postgresql17`. */
  readonly family: string;
}

/** What a cluster and an instance are told alike: where they stand, how they are encrypted, and whether they go with the environment. */
export function createDatabaseProperties(
  scope: Construct,
  { identifier, engine, family }: DatabaseIdentity,
  config: DatabaseConfig,
  { names, network, key, mayBeDestroyed, namesSessionsInLog }: PaymentsDatabaseProps,
) {
  const place = { vpc: network.vpc, vpcSubnets: network.dataSubnets };
  return {
    ...place,
    subnetGroup: new SubnetGroup(scope, 'Subnets', {
      ...place,
      description: `Subnets of ${identifier}`,
      subnetGroupName: names.of('subnet-group', 'database'),
    }),
    parameterGroup: new ParameterGroup(scope, 'Parameters', {
      engine,
      description: `Parameters of ${identifier}`,
      // A new major version replaces the group, and CloudFormation makes the new one before it deletes the old.
      name: names.of('parameter-group', family),
      parameters: { ...databaseParameters, ...(namesSessionsInLog && sessionNames) },
    }),
    securityGroups: [network.securityGroups.database],
    port: databasePort,
    iamAuthentication: true,
    storageEncrypted: true,
    storageEncryptionKey: key,
    preferredMaintenanceWindow: 'sun:03:00-sun:04:00',
    copyTagsToSnapshot: true,
    deletionProtection: config.deletionProtection !== 'off' && !mayBeDestroyed,
    removalPolicy: RemovalPolicy.DESTROY,
    ...performanceInsights(key),
  };
}

/** Backups are taken in this window, before the maintenance window. */
export const backupWindow = '01:00-02:00';

/** Performance data of seven days, encrypted as the database is. */
export function performanceInsights(key: IKey) {
  // Enhanced monitoring is left off: it writes into a log group of the whole account, unencrypted and outliving every environment.
  return {
    enablePerformanceInsights: true,
    performanceInsightRetention: PerformanceInsightRetention.DEFAULT,
    performanceInsightEncryptionKey: key,
  };
}

type MetricSource = Pick<
  IDatabaseCluster | DatabaseInstance,
  'metricDatabaseConnections' | 'metricCPUUtilization' | 'metricFreeableMemory'
>;

/** The worst instance counts: an average would hide a failing writer behind its idle readers. */
export function databaseMetrics(source: MetricSource): IPaymentsDatabase['metrics'] {
  return {
    connections: source.metricDatabaseConnections({ statistic: Stats.MAXIMUM }),
    cpuPercent: source.metricCPUUtilization({ statistic: Stats.MAXIMUM }),
    freeableMemoryBytes: source.metricFreeableMemory({ statistic: Stats.MINIMUM }),
  };
}

/** For a database without deletion protection. */
export function acceptDestruction(database: Construct): void {
  acceptFindings(database, ['AwsSolutions-RDS10'], {
    reason: 'Whoever deploys has said, by profile or by command, that this environment may go, the database included.',
    compensatingControl: 'Continuous backups reach back for the whole retention period while the database exists.',
  });
}
