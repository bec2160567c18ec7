import { Aws, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { ResourceNames } from '../conventions/resource-names';

/** What the keys are told. */
export interface EncryptionKeysProps {
  readonly names: ResourceNames;
}

/**
 * One customer managed key for each class of data, so that whoever may read one class cannot read another (PCI DSS 3.5, 3.6).
 *
 * Log groups have a key of their own in each stack (`conventions/log-key.ts`).
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
    this.secrets.addToResourcePolicy(readersOfSecretsMayDecrypt(Stack.of(this).region));
    this.images = key('Images', 'images', 'Encrypts the container images of the payments API');
  }
}

/**
 * Who may read a secret may decrypt it: as with AWS's own key, `secretsmanager:GetSecretValue` decides,
 * and the key serves nothing else. A grant to each reader is not possible here, because the readers' tiers stand above this one.
 */
function readersOfSecretsMayDecrypt(region: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'ThroughSecretsManagerOnly',
    principals: [new AnyPrincipal()],
    actions: ['kms:Decrypt'],
    resources: ['*'],
    conditions: {
      StringEquals: {
        'kms:CallerAccount': Aws.ACCOUNT_ID,
        'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
      },
    },
  });
}
