import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { GeneratedSecret } from '../../constructs/generated-secret';
import { addOutput } from '../../core/add-output';
import type { ResourceNames } from '../../core/resource-names';
import type { DataResources } from '../../data/data-resources';

export interface StripeKeyProps {
  readonly names: ResourceNames;
  readonly data: Pick<DataResources, 'secretsKey'>;
}

/**
 * The secret with Stripe's secret key. It starts with a random value, which Stripe refuses: payments stay pending until an operator stores
 * the account's key. Processes read it again every minute.
 */
export class StripeKey extends Construct {
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, props: StripeKeyProps) {
    super(scope, id);
    const { names, data } = props;
    this.secret = new GeneratedSecret(this, 'Secret', {
      secretName: names.of('secret', 'stripe-key'),
      description: "Stripe's secret key, which authorizes, captures, voids and refunds card payments",
      key: data.secretsKey,
      withoutRotation:
        'Stripe issues the key and has no API to roll it: an operator rolls it in the dashboard and stores it.',
    });
    addOutput(this, 'StripeKeySecretArn', this.secret.secretArn);
  }
}
