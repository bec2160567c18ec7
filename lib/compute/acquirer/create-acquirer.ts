import type { Construct } from 'constructs';
import { assertNever } from '../../core/assert-never';
import type { AcquirerConfig } from '../../config/deployment-profile';
import type { ResourceNames } from '../../core/resource-names';
import type { DataResources } from '../../data/data-resources';
import type { TaskExtension } from '../task-extensions';
import { StoredKey } from '../stored-key';

export interface AcquirerProps {
  readonly names: ResourceNames;
  readonly data: Pick<DataResources, 'secretsKey'>;
}

/** Creates what the processes that ask the profile's acquirer need: environment variables and permissions. */
export function createAcquirer(
  scope: Construct,
  id: string,
  config: AcquirerConfig,
  { names, data }: AcquirerProps,
): TaskExtension {
  switch (config.kind) {
    case 'simulator':
      return { environment: {} };
    case 'http':
      return { environment: { ACQUIRER_URL: config.url } };
    case 'stripe': {
      const { secret } = new StoredKey(scope, id, { names, data, key: 'stripe' });
      return {
        environment: { STRIPE_KEY_SECRET_ARN: secret.secretArn },
        grantTo: (role) => {
          secret.grantRead(role);
        },
      };
    }
    default:
      return assertNever(config);
  }
}
