import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Credentials, DatabaseSecret } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { ResourceNames } from '../../../core/resource-names';
import type { NetworkResources } from '../../../network/network-resources';
import type { IPaymentsDatabase } from '../../data-resources';
import type { AdministratorBinding, ApiLoginBinding, IDatabaseCredentials } from './database-credentials';
import { HostedCredentialRotation } from './hosted-credential-rotation';
import { iamLogin } from '../iam-login';
import { secretOf } from './secret-of';

/** Properties of the credentials. */
export interface RotationFunctionCredentialsProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  /** Encrypts the administrator's secret. */
  readonly secretsKey: IKey;
  readonly rotationDays: number;
}

/** A secret of ours holds the administrator's password, and AWS's function rotates it; the API logs in with IAM tokens. */
export class RotationFunctionCredentials implements IDatabaseCredentials {
  readonly #props: RotationFunctionCredentialsProps;

  constructor(props: RotationFunctionCredentialsProps) {
    this.#props = props;
  }

  bind(scope: Construct): AdministratorBinding {
    const { names, network, secretsKey, rotationDays } = this.#props;
    const login = 'payments_admin';
    const created = new DatabaseSecret(scope, 'Administrator', {
      username: login,
      secretName: names.of('secret', 'administrator'),
      encryptionKey: secretsKey,
    });
    return {
      databaseProps: { credentials: Credentials.fromSecret(created) },
      attach: (database) => {
        // The database's own, which also holds its address: the rotation function connects there.
        const secret = secretOf(database);
        const { alarms } = new HostedCredentialRotation(scope, 'Rotation', { names, network, secret, rotationDays });
        return { secret, login, alarms, grantRead: (grantee) => void secret.grantRead(grantee) };
      },
    };
  }

  bindApi(_scope: Construct, database: IPaymentsDatabase): ApiLoginBinding {
    return { login: iamLogin(database), alarms: [] };
  }
}
