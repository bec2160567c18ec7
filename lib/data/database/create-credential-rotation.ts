import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { CredentialsConfig } from '../../config/deployment-profile';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import { assertNever } from '../../core/assert-never';
import { CredentialRotation } from './credentials/credential-rotation';
import { HostedCredentialRotation } from './credentials/hosted-credential-rotation';
import type { PaymentsDatabaseProps } from './payments-database-props';

/**
 * The one place that knows how each kind of administrative credential is rotated.
 *
 * @returns the alarms of whoever rotates it
 */
export function createCredentialRotation(
  scope: Construct,
  id: string,
  config: CredentialsConfig,
  { secret, names, network }: Pick<PaymentsDatabaseProps, 'names' | 'network'> & { readonly secret: ISecret },
): readonly AlarmDefinition[] {
  switch (config.kind) {
    case 'rds-managed':
    case 'connection-string':
      new CredentialRotation(scope, id, { secret, rotationDays: config.rotationDays });
      return [];
    case 'rotation-function':
      return new HostedCredentialRotation(scope, id, { names, network, secret, rotationDays: config.rotationDays })
        .alarms;
    case 'existing-secret':
      // Whoever made the secret rotates it.
      return [];
    default:
      return assertNever(config);
  }
}
