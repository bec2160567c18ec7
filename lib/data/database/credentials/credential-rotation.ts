import { CfnRotationSchedule, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

export interface CredentialRotationProps {
  /** The secret that RDS manages. */
  readonly secret: ISecret;
  readonly rotationDays: number;
}

/**
 * The schedule of the managed rotation of the administrator password, which needs no function and no network access.
 *
 * The default is weekly. Rotation rules without a function change the schedule of a managed secret.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html
 */
export class CredentialRotation extends Construct {
  constructor(scope: Construct, id: string, props: CredentialRotationProps) {
    super(scope, id);
    const { secret, rotationDays } = props;
    new CfnRotationSchedule(this, 'Schedule', {
      secretId: secret.secretArn,
      rotationRules: { automaticallyAfterDays: rotationDays },
      // The first password is random already, and a rotation during the deployment would race with migrations.
      rotateImmediatelyOnUpdate: false,
    });
  }
}
