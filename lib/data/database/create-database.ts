import type { Construct } from 'constructs';
import { UnbuiltVariantError } from '../../config/configuration-error';
import type { DatabaseConfig } from '../../config/deployment-profile';
import { assertNever } from '../../conventions/assert-never';
import type { IPaymentsDatabase } from '../data-resources';
import { AuroraProvisioned } from './aurora-provisioned';
import { MultiAzInstance } from './multi-az-instance';
import type { PaymentsDatabaseProps } from './payments-database-props';

/** The one place that knows which construct serves which kind of database. */
export function createDatabase(
  scope: Construct,
  id: string,
  config: DatabaseConfig,
  props: PaymentsDatabaseProps,
): IPaymentsDatabase {
  switch (config.kind) {
    case 'aurora-provisioned':
      return new AuroraProvisioned(scope, id, { ...props, config });
    case 'multi-az-instance':
      return new MultiAzInstance(scope, id, { ...props, config });
    case 'aurora-serverless':
      throw new UnbuiltVariantError('database.kind', config.kind, ['aurora-provisioned', 'multi-az-instance']);
    default:
      return assertNever(config);
  }
}
