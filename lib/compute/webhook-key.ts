import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { GeneratedSecret } from '../constructs/generated-secret';
import type { ResourceNames } from '../core/resource-names';
import type { DataResources } from '../data/data-resources';

export interface WebhookKeyProps {
  readonly names: ResourceNames;
  readonly data: Pick<DataResources, 'secretsKey'>;
}

/** The secret with the key that seals the signing secrets of webhook endpoints in the database. */
export class WebhookKey extends Construct {
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, props: WebhookKeyProps) {
    super(scope, id);
    const { names, data } = props;
    this.secret = new GeneratedSecret(this, 'Secret', {
      secretName: names.of('secret', 'webhook-key'),
      description: 'The key that seals the signing secrets of webhook endpoints',
      key: data.secretsKey,
      withoutRotation:
        'A new key could not open what the previous one has sealed: every merchant would have to roll the secrets of its endpoints.',
    });
  }
}
