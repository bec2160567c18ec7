import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { PlatformSettings } from '../../config/platform-settings';
import { assertNever } from '../../core/assert-never';
import type { ResourceNames } from '../../core/resource-names';
import type { DataResources } from '../../data/data-resources';
import { StoredKey } from '../stored-key';
import type { TaskExtension } from '../task-extensions';
import { PersonDirectory } from './person-directory';

export interface SignInProps {
  readonly names: ResourceNames;
  readonly data: Pick<DataResources, 'secretsKey'>;
}

/** Creates what the tasks need to sign persons in: environment variables and permissions. `undefined`: API keys only. */
export function createSignIn(
  scope: Construct,
  id: string,
  { profile, domain }: Pick<PlatformSettings, 'profile' | 'domain'>,
  { names, data }: SignInProps,
): TaskExtension | undefined {
  const { signIn: config } = profile;
  if (!config || !domain) return undefined;
  const consoleOrigin = `https://${domain.domainName}`;
  switch (config.kind) {
    case 'cognito': {
      const directory = new PersonDirectory(scope, id, { names, secretsKey: data.secretsKey, consoleOrigin });
      return readingSecret(directory.clientSecret, consoleOrigin, {
        OIDC_ISSUER: directory.issuer,
        OIDC_CLIENT_ID: directory.clientId,
        OIDC_ROLE_CLAIM: PersonDirectory.roleClaim,
        OIDC_MERCHANT_CLAIM: PersonDirectory.merchantClaim,
        OIDC_SIGN_OUT_PARAMETER: 'logout_uri',
      });
    }
    case 'provider': {
      const { secret } = new StoredKey(scope, id, { names, data, key: 'signIn' });
      return readingSecret(secret, consoleOrigin, {
        OIDC_ISSUER: config.issuer,
        OIDC_CLIENT_ID: config.clientId,
        OIDC_ROLE_CLAIM: config.roleClaim,
        OIDC_MERCHANT_CLAIM: config.merchantClaim,
        OIDC_SIGN_OUT_PARAMETER: config.signOutParameter,
      });
    }
    default:
      return assertNever(config);
  }
}

function readingSecret(
  secret: ISecret,
  consoleOrigin: string,
  environment: TaskExtension['environment'],
): TaskExtension {
  return {
    environment: { ...environment, OIDC_CLIENT_SECRET_ARN: secret.secretArn, OIDC_REDIRECT_BASE: consoleOrigin },
    grantTo: (taskRole) => {
      secret.grantRead(taskRole);
    },
  };
}
