import { SubnetGroup } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { PaymentsDatabaseProps } from './payments-database-props';

/** What the subnet group is told. */
export interface DatabaseSubnetGroupProps extends Pick<PaymentsDatabaseProps, 'names' | 'network'> {
  /** The identifier of the cluster or instance. */
  readonly identifier: string;
}

/** The subnets of the payments database; a restored copy of it uses the same group. */
export class DatabaseSubnetGroup extends SubnetGroup {
  constructor(scope: Construct, id: string, props: DatabaseSubnetGroupProps) {
    const { names, network, identifier } = props;
    super(scope, id, {
      vpc: network.vpc,
      vpcSubnets: network.dataSubnets,
      description: `Subnets of ${identifier}`,
      subnetGroupName: names.of('subnet-group', 'database'),
    });
  }
}
