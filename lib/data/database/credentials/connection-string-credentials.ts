import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { ResourceNames } from '../../../core/resource-names';
import type { NetworkResources } from '../../../network/network-resources';
import type { IPaymentsDatabase } from '../../data-resources';
import { ConnectionString } from './connection-string';
import type { AdministratorBinding, ApiLoginBinding, IDatabaseCredentials } from './database-credentials';
import { RdsManagedCredentials, type RdsManagedCredentialsProps } from './rds-managed-credentials';

/** Properties of the credentials. */
export interface ConnectionStringCredentialsProps extends RdsManagedCredentialsProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
}

/** RDS manages the administrator's password; the API logs in with a connection string, which a function of ours rotates. */
export class ConnectionStringCredentials implements IDatabaseCredentials {
  readonly #props: ConnectionStringCredentialsProps;
  readonly #administrator: RdsManagedCredentials;

  constructor(props: ConnectionStringCredentialsProps) {
    this.#props = props;
    this.#administrator = new RdsManagedCredentials(props);
  }

  bind(scope: Construct): AdministratorBinding {
    return this.#administrator.bind(scope);
  }

  bindApi(scope: Construct, database: IPaymentsDatabase): ApiLoginBinding {
    const { names, network, secretsKey, rotationDays } = this.#props;
    const connectionString = new ConnectionString(scope, 'ConnectionString', {
      names,
      network,
      database,
      key: secretsKey,
      rotationDays,
    });
    return {
      alarms: connectionString.alarms,
      login: {
        environment: {
          DATABASE_AUTHENTICATION: 'connection-string',
          DATABASE_SECRET_ARN: connectionString.secretArn,
        },
        secrets: { DATABASE_CONNECTION_STRING: EcsSecret.fromSecretsManager(connectionString, 'connectionString') },
        connectionString,
        // The API reads the string again after a rotation.
        grantTo: (taskRole) => void connectionString.grantRead(taskRole),
      },
    };
  }
}
