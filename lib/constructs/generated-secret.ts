import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';

export interface GeneratedSecretProps {
  readonly secretName: string;
  readonly description: string;
  readonly key: IKey;
  /** Why the secret has no rotation, and how it is replaced. @default - the caller adds a rotation schedule */
  readonly withoutRotation: string | undefined;
}

/** A random string of 48 letters and digits. Secrets Manager generates it, so no template contains it. */
export class GeneratedSecret extends Secret {
  constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id, {
      secretName: props.secretName,
      description: props.description,
      encryptionKey: props.key,
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      // CloudFormation deletes secrets without a recovery window, so the name is available again immediately.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    if (props.withoutRotation === undefined) return;
    acceptFindings(this, ['AwsSolutions-SMG4'], {
      reason: props.withoutRotation,
      compensatingControl: 'The secret has its own key, one role reads it, and the runbook describes its replacement.',
    });
  }
}
