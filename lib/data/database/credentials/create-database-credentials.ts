import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CredentialsConfig } from '../../../config/deployment-profile';
import { assertNever } from '../../../core/assert-never';
import type { ResourceNames } from '../../../core/resource-names';
import type { NetworkResources } from '../../../network/network-resources';
import { ConnectionStringCredentials } from './connection-string-credentials';
import type { IDatabaseCredentials } from './database-credentials';
import { ExistingSecretCredentials } from './existing-secret-credentials';
import { RdsManagedCredentials } from './rds-managed-credentials';
import { RotationFunctionCredentials } from './rotation-function-credentials';

/** What every kind of credentials may be made of. */
export interface DatabaseCredentialsProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  /** Encrypts the secrets that the platform makes. */
  readonly secretsKey: IKey;
  /** The name of the administrator's secret, where the profile uses an existing one. */
  readonly existingSecretName: string | undefined;
  /** The ARN of the secret that RDS has made for a restored database. @default - the secret of the created database */
  readonly restoredSecretArn?: string | undefined;
}

/** The one place that knows the class of each kind of credentials. */
export function createDatabaseCredentials(
  config: CredentialsConfig,
  props: DatabaseCredentialsProps,
): IDatabaseCredentials {
  switch (config.kind) {
    case 'rds-managed':
      return new RdsManagedCredentials({ ...props, rotationDays: config.rotationDays });
    case 'rotation-function':
      return new RotationFunctionCredentials({ ...props, rotationDays: config.rotationDays });
    case 'connection-string':
      return new ConnectionStringCredentials({ ...props, rotationDays: config.rotationDays });
    case 'existing-secret':
      return new ExistingSecretCredentials(props);
    default:
      return assertNever(config);
  }
}
