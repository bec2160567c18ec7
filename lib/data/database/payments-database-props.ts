import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ResourceNames } from '../../conventions/resource-names';
import type { NetworkResources } from '../../network/network-resources';

/** What every variant of the payments database is told. */
export interface PaymentsDatabaseProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  /** Encrypts storage, backups and performance data. */
  readonly key: IKey;
  /** Encrypts the administrator's credential. */
  readonly secretsKey: IKey;
}
