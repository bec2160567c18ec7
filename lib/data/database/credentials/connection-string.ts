import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { RotationEnvironment } from '../../../../app/src/rotation/rotation-environment.ts' with {
  'resolution-mode': 'import',
};
import type { AlarmDefinition } from '../../../constructs/alarm-definition';
import { HandlerFunction } from '../../../constructs/handler-function';
import type { ResourceNames } from '../../../core/resource-names';
import { addOutput } from '../../../core/add-output';
import { type NetworkResources, vpcConfigOf } from '../../../network/network-resources';
import type { IPaymentsDatabase } from '../../data-resources';

export interface ConnectionStringProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  readonly database: IPaymentsDatabase;
  readonly key: IKey;
  readonly rotationDays: number;
}

/**
 * The secret with the API's connection string. A function rotates it between two logins (alternating users), so the string that a task
 * received at its start stays valid until the second rotation after that.
 *
 * It is created empty. Migrations create the logins and write the first string.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html
 */
export class ConnectionString extends Secret {
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: ConnectionStringProps) {
    const { names, network, database, key, rotationDays } = props;
    super(scope, id, {
      secretName: names.of('secret', 'connection-string'),
      description: 'Connection string of the payments API',
      encryptionKey: key,
      generateSecretString: { secretStringTemplate: '{}', generateStringKey: 'unused', excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const environment: RotationEnvironment = {
      ENVIRONMENT_NAME: names.suffix,
      ADMINISTRATOR_SECRET_ARN: database.administratorSecret.secretArn,
      DATABASE_HOST: database.host,
      DATABASE_PORT: String(database.port),
      DATABASE_NAME: database.databaseName,
    };
    const rotation = new HandlerFunction(this, 'Function', {
      names,
      purpose: 'connection-string-rotation',
      description: 'Rotates the connection string of the payments API',
      source: 'app/rotation',
      timeout: Duration.minutes(2),
      environment,
      network: vpcConfigOf(network, 'rotation'),
    });
    database.grantAdminister(rotation.function);
    addOutput(this, 'ConnectionStringRotationLogGroupName', rotation.function.logGroup.logGroupName);
    this.addRotationSchedule('Rotation', {
      rotationLambda: rotation.function,
      automaticallyAfter: Duration.days(rotationDays),
      // Migrations have not created the logins at the first deployment.
      rotateImmediatelyOnUpdate: false,
    });
    this.alarms = [
      {
        id: 'connection-string-rotation',
        severity: 'ticket',
        meaning: 'The connection string of the API could not be rotated. The current one stays valid.',
        firstLook: 'Look at the log of the rotation function, which names the failed step.',
        metric: rotation.function.metricErrors({ period: Duration.hours(1) }),
        threshold: 1,
      },
    ];
  }
}
