import { Aws, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { ResourceNames } from '../core/resource-names';

export interface EncryptionKeysProps {
  readonly names: ResourceNames;
}

/**
 * A customer managed key for each class of data, so that access to one class gives no access to another (PCI DSS 3.5, 3.6).
 *
 * Log groups have a key of their own in each stack (`core/log-key.ts`).
 */
export class EncryptionKeys extends Construct {
  /** For storage, backups and Performance Insights data of the database. */
  readonly database: IKey;
  /** For secrets. */
  readonly secrets: IKey;
  /** For container images. */
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
 * Lets each principal that may read or write a secret use its key through Secrets Manager, like the AWS managed key
 * `aws/secretsmanager`. Writing needs both actions.
 *
 * The key policy contains it, because other stacks import the key by its ARN, and `grantRead` and `grantWrite` then silently omit the
 * grant on the key.
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
