import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { PerformanceInsightRetention } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import type { DatabaseConfig } from '../../config/deployment-profile';
import { databasePort } from '../../network/service-ports';
import type { PaymentsDatabaseProps } from './payments-database-props';

/** The properties that a cluster and an instance have in common: network, encryption, maintenance and deletion. */
export function databaseProperties(config: DatabaseConfig, { network, key, mayBeDestroyed }: PaymentsDatabaseProps) {
  return {
    vpc: network.vpc,
    vpcSubnets: network.dataSubnets,
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

/** For a database without deletion protection. */
export function acceptDestruction(database: Construct): void {
  acceptFindings(database, ['AwsSolutions-RDS10'], {
    reason: 'Whoever deploys has said, by profile or by command, that this environment may go, the database included.',
    compensatingControl: 'Continuous backups reach back for the whole retention period while the database exists.',
  });
}
