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
import { type NetworkResources, placeOfFunction } from '../../../network/network-resources';
import type { IPaymentsDatabase } from '../../data-resources';

/** What the connection string is told. */
export interface ConnectionStringProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  readonly database: IPaymentsDatabase;
  readonly key: IKey;
  readonly rotationDays: number;
}

/**
 * The secret with the API's connection string, rotated by a function between two logins, so that the string which a running task got at
 * its start is valid until the rotation after the next.
 *
 * Born empty: schema migrations write the first string, because they make the logins.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html
 */
export class ConnectionString extends Secret {
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: ConnectionStringProps) {
    const { names, network, database, key, rotationDays } = props;
    super(scope, id, {
      secretName: names.of('secret', 'connection-string'),
      description: 'How the payments API connects to its database',
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
      network: placeOfFunction(network, 'rotation'),
    });
    database.grantAdminister(rotation.function);
    addOutput(this, 'ConnectionStringRotationLogGroupName', rotation.function.logGroup.logGroupName);
    this.addRotationSchedule('Rotation', {
      rotationLambda: rotation.function,
      automaticallyAfter: Duration.days(rotationDays),
      // The logins do not exist before the first migrations.
      rotateImmediatelyOnUpdate: false,
    });
    this.alarms = [
      {
        id: 'connection-string-rotation',
        severity: 'ticket',
        meaning: 'The connection string of the API could not be rotated; the one before stays valid.',
        firstLook: 'Look at the log of the rotation function: each step names what it could not do.',
        metric: rotation.function.metricErrors({ period: Duration.hours(1) }),
        threshold: 1,
      },
    ];
  }
}
