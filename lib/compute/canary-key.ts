import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { GeneratedSecret } from '../constructs/generated-secret';
import { addOutput } from '../core/add-output';
import type { ResourceNames } from '../core/resource-names';
import type { DataResources } from '../data/data-resources';

export interface CanaryKeyProps {
  readonly names: ResourceNames;
  readonly data: Pick<DataResources, 'secretsKey'>;
}

/**
 * The secret with the API key of the canary's merchant. Migrations create the merchant, store the digest of the current version and revoke
 * the previous one, so a deployment after a change of the secret replaces the key.
 */
export class CanaryKey extends Construct {
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, props: CanaryKeyProps) {
    super(scope, id);
    const { names, data } = props;
    this.secret = new GeneratedSecret(this, 'Secret', {
      secretName: names.of('secret', 'canary-key'),
      description: 'The API key of the merchant of synthetic payments; migrations store its hash',
      key: data.secretsKey,
      withoutRotation: 'Operators replace the key: they change the secret and deploy, and the previous key is revoked.',
    });
    addOutput(this, 'CanaryKeySecretArn', this.secret.secretArn);
  }
}
