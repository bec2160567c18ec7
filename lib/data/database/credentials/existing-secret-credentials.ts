import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Credentials } from 'aws-cdk-lib/aws-rds';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../../../compliance/accepted-findings';
import { DeploymentLookup } from '../../../constructs/deployment-lookup';
import type { ResourceNames } from '../../../core/resource-names';
import type { IPaymentsDatabase } from '../../data-resources';
import type { AdministratorBinding, ApiLoginBinding, IDatabaseCredentials } from './database-credentials';
import { iamLogin } from '../iam-login';

/** Properties of the credentials. */
export interface ExistingSecretCredentialsProps {
  readonly names: ResourceNames;
  /** @throws in `bind`, when it is `undefined` */
  readonly existingSecretName: string | undefined;
}

/** Someone else made the administrator's secret, and rotates it; the API logs in with IAM tokens. */
export class ExistingSecretCredentials implements IDatabaseCredentials {
  readonly #props: ExistingSecretCredentialsProps;

  constructor(props: ExistingSecretCredentialsProps) {
    this.#props = props;
  }

  bind(scope: Construct): AdministratorBinding {
    const { names, existingSecretName } = this.#props;
    if (existingSecretName === undefined) throw new Error('Settings were accepted without databaseSecretName.');
    const secret = existingSecret(scope, existingSecretName, names);
    return {
      // By dynamic references: CDK's own way would write the database's address into a secret that is not ours.
      databaseProps: {
        credentials: Credentials.fromPassword(
          secret.secretValueFromJson('username').unsafeUnwrap(),
          secret.secretValueFromJson('password'),
        ),
      },
      attach: () => ({
        secret,
        login: undefined,
        alarms: [],
        grantRead: (grantee) => {
          secret.grantRead(grantee);
          grantDecryptThroughSecretsManager(secret, grantee);
        },
      }),
    };
  }

  bindApi(_scope: Construct, database: IPaymentsDatabase): ApiLoginBinding {
    return { login: iamLogin(database), alarms: [] };
  }
}

/**
 * The secret of this name, with the whole of its ARN: ECS and permissions need the six characters that Secrets Manager has added to the
 * name, and only the account knows them.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html
 */
function existingSecret(scope: Construct, secretName: string, names: ResourceNames): ISecret {
  const place = new Construct(scope, 'Administrator');
  const { value } = new DeploymentLookup(place, 'Arn', {
    names,
    purpose: 'database-secret',
    service: 'SecretsManager',
    action: 'describeSecret',
    parameters: { SecretId: secretName },
    path: 'ARN',
    statement: new PolicyStatement({
      actions: ['secretsmanager:DescribeSecret'],
      resources: [
        Stack.of(scope).formatArn({
          service: 'secretsmanager',
          resource: 'secret',
          resourceName: `${secretName}-??????`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    }),
  });
  return Secret.fromSecretCompleteArn(place, 'Secret', value);
}

/** The key of a secret that exists already is not known: it may be any of this account, for this secret and through its service only. */
function grantDecryptThroughSecretsManager(secret: ISecret, grantee: IGrantable): void {
  const stack = Stack.of(secret);
  const anyKey = stack.formatArn({ service: 'kms', resource: 'key', resourceName: '*' });
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [anyKey],
      conditions: {
        StringEquals: {
          'kms:ViaService': `secretsmanager.${stack.region}.${Aws.URL_SUFFIX}`,
          'kms:EncryptionContext:SecretARN': secret.secretArn,
        },
      },
    }),
  );
  if (!Construct.isConstruct(grantee)) return;
  acceptFindings(grantee, [wildcardResource(grantee, anyKey)], {
    reason: 'The key of a secret that exists already is not known.',
    compensatingControl: 'Conditions admit decrypting this one secret through Secrets Manager only.',
  });
}
