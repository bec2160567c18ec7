import type { Construct } from 'constructs';
import type { DatabaseConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';
import type { IPaymentsDatabase } from '../data-resources';
import { AuroraCluster } from './aurora-cluster';
import { MultiAzInstance } from './multi-az-instance';
import type { PaymentsDatabaseProps } from './payments-database-props';

/** Creates the database of a profile. */
export function createDatabase(
  scope: Construct,
  id: string,
  config: DatabaseConfig,
  props: PaymentsDatabaseProps,
): IPaymentsDatabase {
  switch (config.kind) {
    case 'aurora-provisioned':
    case 'aurora-serverless':
      return new AuroraCluster(scope, id, { ...props, config });
    case 'multi-az-instance':
      return new MultiAzInstance(scope, id, { ...props, config });
    default:
      return assertNever(config);
  }
}
