import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { UnbuiltVariantError } from '../../config/configuration-error';
import type { CredentialsConfig } from '../../config/deployment-profile';
import { assertNever } from '../../conventions/assert-never';
import { CredentialRotation } from './credential-rotation';

/** The one place that knows how each kind of administrative credential is rotated. */
export function createCredentialRotation(
  scope: Construct,
  id: string,
  config: CredentialsConfig,
  secret: ISecret,
): void {
  switch (config.kind) {
    case 'rds-managed':
    case 'connection-string':
      new CredentialRotation(scope, id, { secret, rotationDays: config.rotationDays });
      return;
    case 'existing-secret':
      // Whoever made the secret rotates it.
      return;
    case 'rotation-function':
      throw new UnbuiltVariantError('database.credentials.kind', config.kind, ['rds-managed']);
    default:
      assertNever(config);
  }
}
