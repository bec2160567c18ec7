import { SubnetGroup } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { PaymentsDatabaseProps } from './payments-database-props';

export interface DatabaseSubnetGroupProps extends Pick<PaymentsDatabaseProps, 'names' | 'network'> {
  /** The identifier of the cluster or instance. */
  readonly identifier: string;
}

/** The subnet group of the payments database. A restored copy uses it too. */
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
