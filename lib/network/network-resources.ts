import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/** The groups of the service firewall. All rules between them are declared in the network tier; elsewhere they are immutable. */
export interface SecurityGroups {
  readonly loadBalancer: ISecurityGroup;
  readonly tasks: ISecurityGroup;
  readonly database: ISecurityGroup;
  /** For the function that rotates the API's connection string; `undefined` where there is none. */
  readonly rotation: ISecurityGroup | undefined;
}

/** What the network tier offers to the tiers above it. */
export interface NetworkResources {
  readonly vpc: IVpc;
  /** Subnets with a route to the internet gateway: load balancers and NAT only. */
  readonly publicSubnets: SubnetSelection;
  /** Subnets with egress: everything that computes. */
  readonly appSubnets: SubnetSelection;
  /** Subnets of the database; isolated where the profile has them. */
  readonly dataSubnets: SubnetSelection;
  readonly securityGroups: SecurityGroups;
}
