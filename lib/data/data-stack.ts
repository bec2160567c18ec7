import type { Construct } from 'constructs';
import { PlatformStack, type PlatformStackProps } from '../conventions/platform-stack';
import type { NetworkResources } from '../network/network-resources';

/** What the data stack is given. */
export interface DataStackProps extends PlatformStackProps {
  readonly network: NetworkResources;
}

/** The second tier: everything that keeps something. */
export class DataStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props, {
      tier: 'data',
      description: 'Payment platform: keys, database, credentials, image repository',
    });
  }
}
