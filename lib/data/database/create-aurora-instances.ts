import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CaCertificate, ClusterInstance, type DatabaseClusterProps, type IClusterInstance } from 'aws-cdk-lib/aws-rds';
import type { AuroraConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';
import type { ResourceNames } from '../../core/resource-names';
import { performanceInsights } from './database-properties';

/** The instance properties of a cluster. */
export type AuroraInstances = Pick<
  DatabaseClusterProps,
  'writer' | 'readers' | 'serverlessV2MinCapacity' | 'serverlessV2MaxCapacity'
>;

/** The writer and the readers of an Aurora cluster. */
export function createAuroraInstances(
  config: AuroraConfig,
  { names, key }: { readonly names: ResourceNames; readonly key: IKey },
): AuroraInstances {
  const common = (role: string) => ({
    instanceIdentifier: names.of('database', role),
    caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
    // The template sets the minor version. After an automatic upgrade, the next update would attempt a downgrade.
    autoMinorVersionUpgrade: false,
    ...performanceInsights(key),
  });
  const roles = Array.from({ length: config.readerCount }, (_, index) => `reader${index + 1}`);
  switch (config.kind) {
    case 'aurora-provisioned': {
      const instance = (role: string): IClusterInstance =>
        ClusterInstance.provisioned(role, { ...common(role), instanceType: new InstanceType(config.instanceType) });
      return { writer: instance('writer'), readers: roles.map(instance) };
    }
    case 'aurora-serverless':
      return {
        serverlessV2MinCapacity: config.minCapacityAcu,
        serverlessV2MaxCapacity: config.maxCapacityAcu,
        writer: ClusterInstance.serverlessV2('writer', common('writer')),
        // Readers scale with the writer, so that they can take its load after a failover.
        readers: roles.map((role) => ClusterInstance.serverlessV2(role, { ...common(role), scaleWithWriter: true })),
      };
    default:
      return assertNever(config);
  }
}
