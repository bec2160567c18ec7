import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { FunctionPurpose } from './vpc-functions';

/** The security groups of the service firewall. The network tier declares all their rules; other tiers cannot add any. */
export interface SecurityGroups {
  readonly loadBalancer: ISecurityGroup;
  readonly tasks: ISecurityGroup;
  readonly database: ISecurityGroup;
  /** For the VPC link of an API Gateway; `undefined` if there is none. */
  readonly vpcLink: ISecurityGroup | undefined;
  /** For restored copies of the database; `undefined` if there are none. */
  readonly restoredDatabase: ISecurityGroup | undefined;
  /** By function in the VPC. */
  readonly functions: ReadonlyMap<FunctionPurpose, ISecurityGroup>;
}

/** The resources of the network tier for the other tiers. */
export interface NetworkResources {
  readonly vpc: IVpc;
  /** Subnets with a route to the internet gateway, for load balancers and NAT devices. */
  readonly publicSubnets: SubnetSelection;
  /** Private subnets with egress, for tasks and functions. */
  readonly appSubnets: SubnetSelection;
  /** Subnets of the database: isolated ones if the profile has them, otherwise private ones. */
  readonly dataSubnets: SubnetSelection;
  readonly securityGroups: SecurityGroups;
  /** Alarms of this tier. They are in its stack, so that they are updated when it replaces an instance. */
  readonly alarms: readonly IAlarm[];
}

/** The VPC placement of functions that call only AWS APIs; `undefined` if they run outside the VPC. */
export function vpcConfigOfAwsFunctions(network: NetworkResources) {
  return network.securityGroups.functions.has('aws-api') ? vpcConfigOf(network, 'aws-api') : undefined;
}

/**
 * The private subnets and the security group of a function.
 *
 * @throws Error when the platform has no such function
 */
export function vpcConfigOf({ vpc, appSubnets, securityGroups }: NetworkResources, purpose: FunctionPurpose) {
  const securityGroup = securityGroups.functions.get(purpose);
  if (!securityGroup) throw new Error(`The network has no security group for the function ${purpose}.`);
  return { vpc, subnets: appSubnets, securityGroup };
}
