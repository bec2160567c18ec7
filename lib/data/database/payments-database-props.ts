import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ResourceNames } from '../../core/resource-names';
import type { NetworkResources } from '../../network/network-resources';
import type { IDatabaseCredentials } from './credentials/database-credentials';

/** What every variant of the payments database is told. */
export interface PaymentsDatabaseProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  /** Encrypts storage, backups and performance data. */
  readonly key: IKey;
  /** Bound to the database: who administers it. */
  readonly credentials: IDatabaseCredentials;
  /** What all tasks of both colours may hold together. */
  readonly expectedConnections: number;
  /** Whether deletion protection is asked to be off. */
  readonly mayBeDestroyed: boolean;
  /** Whether each line of its log names the session, which a transaction names after its request. */
  readonly namesSessionsInLog: boolean;
}
