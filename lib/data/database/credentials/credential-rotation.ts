import { CfnRotationSchedule, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** What the rotation is told. */
export interface CredentialRotationProps {
  /** The secret that RDS made and manages. */
  readonly secret: ISecret;
  readonly rotationDays: number;
}

/**
 * The schedule on which RDS itself rotates the administrator's password: no function, and no network path for one.
 *
 * RDS rotates weekly by default; rotation rules without a function change the schedule of a managed secret.
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
      // The first password is as random as the next one; rotating it during the deployment would race with migrations.
      rotateImmediatelyOnUpdate: false,
    });
  }
}
