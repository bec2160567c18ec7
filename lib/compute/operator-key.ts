import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { GeneratedSecret } from '../constructs/generated-secret';
import { addOutput } from '../core/add-output';
import type { ResourceNames } from '../core/resource-names';
import type { DataResources } from '../data/data-resources';

export interface OperatorKeyProps {
  readonly names: ResourceNames;
  readonly data: Pick<DataResources, 'secretsKey'>;
}

/**
 * The secret with the key of operators, who create merchants and issue their API keys. Migrations store the digest of its current version
 * and revoke the previous one, so a deployment after a change of the secret replaces the key.
 */
export class OperatorKey extends Construct {
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, props: OperatorKeyProps) {
    super(scope, id);
    const { names, data } = props;
    this.secret = new GeneratedSecret(this, 'Secret', {
      secretName: names.of('secret', 'operator-key'),
      description: 'The key of the operators of the payment platform; migrations store its hash',
      key: data.secretsKey,
      withoutRotation: 'Operators replace the key: they change the secret and deploy, and the previous key is revoked.',
    });
    addOutput(this, 'OperatorKeySecretArn', this.secret.secretArn);
  }
}
