import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';

/** What a generated secret is told. */
export interface GeneratedSecretProps {
  readonly secretName: string;
  readonly description: string;
  readonly key: IKey;
  /** Why nothing rotates the secret, and what replaces it instead. @default - its owner adds a rotation schedule */
  readonly withoutRotation: string | undefined;
}

/** A random string of 48 letters and digits that is born in Secrets Manager and never seen by a template. */
export class GeneratedSecret extends Secret {
  constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id, {
      secretName: props.secretName,
      description: props.description,
      encryptionKey: props.key,
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      // CloudFormation deletes secrets without a recovery window, so the name is free again at once.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    if (props.withoutRotation === undefined) return;
    acceptFindings(this, ['AwsSolutions-SMG4'], {
      reason: props.withoutRotation,
      compensatingControl: 'The secret has its own key, is read by one role, and can be replaced as the runbook says.',
    });
  }
}
