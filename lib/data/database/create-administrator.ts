import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Credentials, DatabaseSecret } from 'aws-cdk-lib/aws-rds';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import type { CredentialsConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';
import { DeploymentLookup } from '../../constructs/deployment-lookup';
import type { ResourceNames } from '../../core/resource-names';
import type { PaymentsDatabaseProps } from './payments-database-props';

/** Who administers the database, as RDS is told and as migrations see it. */
export interface Administrator {
  /** Properties of a cluster or an instance. */
  readonly ofDatabase: { readonly credentials: Credentials; readonly manageMasterUserPassword?: boolean };
  /** Where user name and password are; `undefined` when CDK gives the secret with the database. */
  readonly secret: ISecret | undefined;
  /** The user's name; `undefined` when only the secret knows it. */
  readonly login: string | undefined;
  /** Lets `grantee` decrypt the secret, where its key is not ours. */
  grantDecrypt(grantee: IGrantable): void;
}

/** The one place that knows where each kind of administrative credential comes from. */
export function createAdministrator(
  scope: Construct,
  id: string,
  config: CredentialsConfig,
  { names, secretsKey, existingSecretName }: PaymentsDatabaseProps,
): Administrator {
  switch (config.kind) {
    case 'rds-managed':
    case 'connection-string': {
      const login = 'payments_admin';
      return {
        ofDatabase: {
          credentials: Credentials.fromUsername(login, { encryptionKey: secretsKey }),
          manageMasterUserPassword: true,
        },
        secret: undefined,
        login,
        grantDecrypt: () => undefined,
      };
    }
    case 'existing-secret': {
      if (existingSecretName === undefined) throw new Error('Settings were accepted without databaseSecretName.');
      const secret = existingSecret(scope, id, existingSecretName, names);
      return {
        // By dynamic references: CDK's own way would write the database's address into a secret that is not ours.
        ofDatabase: {
          credentials: Credentials.fromPassword(
            secret.secretValueFromJson('username').unsafeUnwrap(),
            secret.secretValueFromJson('password'),
          ),
        },
        secret,
        login: undefined,
        grantDecrypt: (grantee) => {
          grantDecryptThroughSecretsManager(secret, grantee);
        },
      };
    }
    case 'rotation-function': {
      const login = 'payments_admin';
      return {
        ofDatabase: {
          credentials: Credentials.fromSecret(
            new DatabaseSecret(scope, id, {
              username: login,
              secretName: names.of('secret', 'administrator'),
              encryptionKey: secretsKey,
            }),
          ),
        },
        secret: undefined,
        login,
        grantDecrypt: () => undefined,
      };
    }
    default:
      return assertNever(config);
  }
}

/**
 * The secret of this name, with the whole of its ARN: ECS and permissions need the six characters that Secrets Manager has added to the
 * name, and only the account knows them.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html
 */
function existingSecret(scope: Construct, id: string, secretName: string, names: ResourceNames): ISecret {
  const place = new Construct(scope, id);
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
