import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Credentials } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { IPaymentsDatabase } from '../../data-resources';
import { CredentialRotation } from './credential-rotation';
import type { AdministratorBinding, ApiLoginBinding, IDatabaseCredentials } from './database-credentials';
import { iamLogin } from '../iam-login';
import { secretOf } from './secret-of';

/** Properties of the credentials. */
export interface RdsManagedCredentialsProps {
  /** Encrypts the administrator's secret. */
  readonly secretsKey: IKey;
  readonly rotationDays: number;
  /** The ARN of the secret of a restored database, which CloudFormation does not know. @default - the secret of the created database */
  readonly restoredSecretArn?: string | undefined;
}

/** RDS makes the administrator's password and rotates it; the API logs in with IAM tokens. */
export class RdsManagedCredentials implements IDatabaseCredentials {
  readonly #props: RdsManagedCredentialsProps;

  constructor(props: RdsManagedCredentialsProps) {
    this.#props = props;
  }

  bind(scope: Construct): AdministratorBinding {
    const { secretsKey, rotationDays, restoredSecretArn } = this.#props;
    const login = 'payments_admin';
    return {
      databaseProps: {
        credentials: Credentials.fromUsername(login, { encryptionKey: secretsKey }),
        manageMasterUserPassword: true,
      },
      attach: (database) => {
        const secret =
          restoredSecretArn === undefined
            ? secretOf(database)
            : Secret.fromSecretAttributes(scope, 'Restored', {
                secretCompleteArn: restoredSecretArn,
                encryptionKey: secretsKey,
              });
        new CredentialRotation(scope, 'Rotation', { secret, rotationDays });
        return { secret, login, alarms: [], grantRead: (grantee) => void secret.grantRead(grantee) };
      },
    };
  }

  bindApi(_scope: Construct, database: IPaymentsDatabase): ApiLoginBinding {
    return { login: iamLogin(database), alarms: [] };
  }
}
