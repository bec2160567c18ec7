import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { GeneratedSecret } from '../constructs/generated-secret';
import { addOutput } from '../core/add-output';
import type { ResourceNames } from '../core/resource-names';
import type { DataResources } from '../data/data-resources';

/** A key that an environment stores as a secret of its own. */
interface KeyDefinition {
  /** Part of the secret's name. */
  readonly purpose: string;
  readonly description: string;
  /** Why the key has no rotation, and how it is replaced. */
  readonly withoutRotation: string;
  /** The output with the ARN of the secret, for those who read or replace it. @default - nobody does */
  readonly outputName?: string;
}

const replacedByOperators =
  'Operators replace the key: they change the secret and deploy, and the previous key is revoked.';

/** The keys of an environment. */
const definitions = {
  /**
   * The key of operators, who create merchants and issue their API keys. Migrations store the digest of its current version and revoke the
   * previous one, so a deployment after a change of the secret replaces the key.
   */
  operator: {
    purpose: 'operator-key',
    description: 'The key of the operators of the payment platform; migrations store its hash',
    withoutRotation: replacedByOperators,
    outputName: 'OperatorKeySecretArn',
  },

  /**
   * The API key of the canary's merchant. Migrations create the merchant, store the digest of the current version and revoke the previous one,
   * so a deployment after a change of the secret replaces the key.
   */
  canary: {
    purpose: 'canary-key',
    description: 'The API key of the merchant of synthetic payments; migrations store its hash',
    withoutRotation: replacedByOperators,
    outputName: 'CanaryKeySecretArn',
  },

  /** The key that seals the signing secrets of webhook endpoints in the database. */
  webhook: {
    purpose: 'webhook-key',
    description: 'The key that seals the signing secrets of webhook endpoints',
    withoutRotation:
      'A new key could not open what the previous one has sealed: every merchant would have to roll the secrets of its endpoints.',
  },

  /**
   * Stripe's secret key. It starts with a random value, which Stripe refuses: payments stay pending until an operator stores the account's
   * key. Processes read it again every minute.
   */
  stripe: {
    purpose: 'stripe-key',
    description: "Stripe's secret key, which authorizes, captures, voids and refunds card payments",
    withoutRotation:
      'Stripe issues the key and has no API to roll it: an operator rolls it in the dashboard and stores it.',
    outputName: 'StripeKeySecretArn',
  },

  /**
   * The secret of the console as a client of another identity provider. It starts with a random value, which the provider refuses, until an
   * operator stores the provider's. Tasks read it when they start.
   */
  signIn: {
    purpose: 'sign-in-client',
    description: 'The client secret with which the console signs persons in at the identity provider',
    withoutRotation: 'The provider issues the secret: an operator replaces it there and stores it.',
    outputName: 'SignInClientSecretArn',
  },
} as const satisfies Readonly<Record<string, KeyDefinition>>;

export interface StoredKeyProps {
  readonly names: ResourceNames;
  readonly data: Pick<DataResources, 'secretsKey'>;
  readonly key: keyof typeof definitions;
}

/** The secret of a key, with a random value under the customer managed key of secrets. */
export class StoredKey extends Construct {
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, props: StoredKeyProps) {
    super(scope, id);
    const { names, data, key } = props;
    const { purpose, description, withoutRotation, outputName }: KeyDefinition = definitions[key];
    this.secret = new GeneratedSecret(this, 'Secret', {
      secretName: names.of('secret', purpose),
      description,
      key: data.secretsKey,
      withoutRotation,
    });
    if (outputName !== undefined) addOutput(this, outputName, this.secret.secretArn);
  }
}
