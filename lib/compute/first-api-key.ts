import { Duration } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { LoginEnvironment } from '../../app/src/db/login-settings.ts' with { 'resolution-mode': 'import' };
import type { AlarmDefinition } from '../constructs/alarm-definition';
import { HandlerFunction } from '../constructs/handler-function';
import type { ResourceNames } from '../core/resource-names';
import { addOutput } from '../core/add-output';
import type { DataResources } from '../data/data-resources';
import { type NetworkResources, vpcConfigOf } from '../network/network-resources';
import { GeneratedSecret } from '../constructs/generated-secret';

export interface FirstApiKeyProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  readonly data: DataResources;
  /** @default - the key is replaced manually */
  readonly rotationDays: number | undefined;
}

/**
 * The secret with the API key of the first merchant. Migrations store the digest of its current version.
 *
 * With `rotationDays`, a function rotates the key on that schedule. The previous key stays valid until the next rotation, so a merchant
 * has that long to switch.
 */
export class FirstApiKey extends Construct {
  readonly secret: ISecret;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: FirstApiKeyProps) {
    super(scope, id);
    const { names, network, data, rotationDays } = props;
    const secret = new GeneratedSecret(this, 'Secret', {
      secretName: names.of('secret', 'first-api-key'),
      description: 'The first API key of the payment platform; migrations store its hash',
      key: data.secretsKey,
      withoutRotation:
        rotationDays === undefined
          ? 'An API key is replaced by issuing a new one and revoking the previous one, which needs its holder.'
          : undefined,
    });
    this.secret = secret;
    addOutput(this, 'FirstApiKeySecretArn', secret.secretArn);
    this.alarms = rotationDays === undefined ? [] : this.#rotate(secret, rotationDays, { names, network, data });
  }

  #rotate(
    secret: GeneratedSecret,
    rotationDays: number,
    { names, network, data: { database } }: Omit<FirstApiKeyProps, 'rotationDays'>,
  ): readonly AlarmDefinition[] {
    const environment: LoginEnvironment = {
      ENVIRONMENT_NAME: names.suffix,
      DATABASE_HOST: database.host,
      DATABASE_PORT: String(database.port),
      DATABASE_NAME: database.databaseName,
    };
    const { function: rotation } = new HandlerFunction(this, 'Rotation', {
      names,
      purpose: 'api-key-rotation',
      description: 'Rotates the first API key',
      source: 'app/api-key-rotation',
      timeout: Duration.minutes(2),
      environment,
      network: vpcConfigOf(network, 'api-key-rotation'),
    });
    addOutput(this, 'ApiKeyRotationLogGroupName', rotation.logGroup.logGroupName);
    database.grantConnect(rotation, 'payments_key_rotation');
    secret.addRotationSchedule('Schedule', {
      rotationLambda: rotation,
      automaticallyAfter: Duration.days(rotationDays),
      // At the first deployment, migrations have not stored the key yet.
      rotateImmediatelyOnUpdate: false,
    });
    return [
      {
        id: 'api-key-rotation',
        severity: 'ticket',
        meaning: 'The first API key could not be rotated; the current and the previous key stay valid.',
        firstLook: 'Look at the log of the function api-key-rotation, which names the failed step.',
        metric: rotation.metricErrors({ period: Duration.hours(1) }),
        threshold: 1,
      },
    ];
  }
}
