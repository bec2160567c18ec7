import type { Construct } from 'constructs';
import type { CredentialsConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';
import { ConnectionString, type ConnectionStringProps } from './credentials/connection-string';

/** The one place that knows for which credentials the API gets a connection string; with all others it authenticates by IAM. */
export function createConnectionString(
  scope: Construct,
  id: string,
  config: CredentialsConfig,
  props: Omit<ConnectionStringProps, 'rotationDays'>,
): ConnectionString | undefined {
  switch (config.kind) {
    case 'connection-string':
      return new ConnectionString(scope, id, { ...props, rotationDays: config.rotationDays });
    case 'rds-managed':
    case 'existing-secret':
    case 'rotation-function':
      return undefined;
    default:
      return assertNever(config);
  }
}
