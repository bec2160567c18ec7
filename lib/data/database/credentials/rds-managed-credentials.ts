import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Credentials } from 'aws-cdk-lib/aws-rds';
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
}

/** RDS makes the administrator's password and rotates it; the API logs in with IAM tokens. */
export class RdsManagedCredentials implements IDatabaseCredentials {
  readonly #props: RdsManagedCredentialsProps;

  constructor(props: RdsManagedCredentialsProps) {
    this.#props = props;
  }

  bind(scope: Construct): AdministratorBinding {
    const { secretsKey, rotationDays } = this.#props;
    const login = 'payments_admin';
    return {
      databaseProps: {
        credentials: Credentials.fromUsername(login, { encryptionKey: secretsKey }),
        manageMasterUserPassword: true,
      },
      attach: (database) => {
        const secret = secretOf(database);
        new CredentialRotation(scope, 'Rotation', { secret, rotationDays });
        return { secret, login, alarms: [], grantRead: (grantee) => void secret.grantRead(grantee) };
      },
    };
  }

  bindApi(_scope: Construct, database: IPaymentsDatabase): ApiLoginBinding {
    return { login: iamLogin(database), alarms: [] };
  }
}
