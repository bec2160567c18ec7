import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CaCertificate, ClusterInstance, type DatabaseClusterProps, type IClusterInstance } from 'aws-cdk-lib/aws-rds';
import type { AuroraConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';
import type { ResourceNames } from '../../core/resource-names';
import { performanceInsights } from './database-properties';

/** What CDK is told of a cluster's instances. */
export type AuroraInstances = Pick<
  DatabaseClusterProps,
  'writer' | 'readers' | 'serverlessV2MinCapacity' | 'serverlessV2MaxCapacity'
>;

/** The one place that knows of which instances each kind of Aurora cluster is made: one writer and some readers, each in another zone. */
export function createAuroraInstances(
  config: AuroraConfig,
  { names, key }: { readonly names: ResourceNames; readonly key: IKey },
): AuroraInstances {
  const common = (role: string) => ({
    instanceIdentifier: names.of('database', role),
    caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
    // The stack names the minor version: after an automatic upgrade, its next update would attempt a downgrade.
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
        // As large as the writer at any time, so that the one that takes over can carry the load at once.
        readers: roles.map((role) => ClusterInstance.serverlessV2(role, { ...common(role), scaleWithWriter: true })),
      };
    default:
      return assertNever(config);
  }
}
