import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { PerformanceInsightRetention } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import type { DatabaseConfig } from '../../config/deployment-profile';
import { databasePort } from '../../network/service-ports';
import type { PaymentsDatabaseProps } from './payments-database-props';

/** Properties that clusters and instances share: network, encryption, maintenance and deletion. */
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

/** The backup window in UTC, before the maintenance window. */
export const backupWindow = '01:00-02:00';

/** Performance Insights for seven days, encrypted with the database key. */
export function performanceInsights(key: IKey) {
  // Enhanced Monitoring is off: its log group is shared by the account, unencrypted and outlives every environment.
  return {
    enablePerformanceInsights: true,
    performanceInsightRetention: PerformanceInsightRetention.DEFAULT,
    performanceInsightEncryptionKey: key,
  };
}

/** Accepts the finding of a database without deletion protection. */
export function acceptDestruction(database: Construct): void {
  acceptFindings(database, ['AwsSolutions-RDS10'], {
    reason: 'The profile, or -c allowDestroy=true, allows the deletion of this environment with its database.',
    compensatingControl: 'Continuous backups cover the whole retention period while the database exists.',
  });
}
