import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ResourceNames } from '../../core/resource-names';
import type { NetworkResources } from '../../network/network-resources';
import type { IDatabaseCredentials } from './credentials/database-credentials';

/** Properties of every kind of payments database. */
export interface PaymentsDatabaseProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  /** For storage, backups and Performance Insights data. */
  readonly key: IKey;
  /** The credentials, which create the administrator of the database. */
  readonly credentials: IDatabaseCredentials;
  /** Maximum connections in normal operation. */
  readonly expectedConnections: number;
  /** Whether `-c allowDestroy=true` turns deletion protection off. */
  readonly mayBeDestroyed: boolean;
  /** Whether each log line contains the application name, which identifies the request. */
  readonly namesSessionsInLog: boolean;
}
