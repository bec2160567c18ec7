import { Aws, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { ResourceNames } from '../core/resource-names';

/** What the keys are told. */
export interface EncryptionKeysProps {
  readonly names: ResourceNames;
}

/**
 * One customer managed key for each class of data, so that whoever may read one class cannot read another (PCI DSS 3.5, 3.6).
 *
 * Log groups have a key of their own in each stack (`core/log-key.ts`).
 */
export class EncryptionKeys extends Construct {
  /** The database's storage, backups and performance data. */
  readonly database: IKey;
  /** Everything in Secrets Manager. */
  readonly secrets: IKey;
  /** Container images. */
  readonly images: IKey;

  constructor(scope: Construct, id: string, props: EncryptionKeysProps) {
    super(scope, id);
    const key = (keyId: string, purpose: string, description: string) =>
      new Key(this, keyId, { alias: `alias/${props.names.of('key', purpose)}`, description });
    this.database = key('Database', 'database', 'Encrypts the payments database, its backups and its performance data');
    this.secrets = key('Secrets', 'secrets', 'Encrypts the secrets of the payment platform');
    this.secrets.addToResourcePolicy(usersOfSecretsMayUseTheKey(Stack.of(this).region));
    this.images = key('Images', 'images', 'Encrypts the container images of the payments API');
  }
}

/**
 * Whoever may read or write a secret may use its key through Secrets Manager, as with the AWS managed key `aws/secretsmanager`: the
 * permission for the secret decides, and the key serves nothing else. Writing needs both actions.
 *
 * The key policy states it once, because CDK's grants do not reach the key: tiers above this one know it by its ARN, and CDK then drops
 * the grant of `grantRead` and `grantWrite` on the key without a word.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
function usersOfSecretsMayUseTheKey(region: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'ThroughSecretsManagerOnly',
    principals: [new AnyPrincipal()],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: {
      StringEquals: {
        'kms:CallerAccount': Aws.ACCOUNT_ID,
        'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
      },
    },
  });
}
