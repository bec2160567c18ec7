import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { FunctionPurpose } from './vpc-functions';

/** The groups of the service firewall. All rules between them are declared in the network tier; elsewhere they are immutable. */
export interface SecurityGroups {
  readonly loadBalancer: ISecurityGroup;
  readonly tasks: ISecurityGroup;
  readonly database: ISecurityGroup;
  /** Through which an API Gateway reaches the load balancer; `undefined` where there is none. */
  readonly vpcLink: ISecurityGroup | undefined;
  /** For restored copies of the database; `undefined` where none are made. */
  readonly restoredDatabase: ISecurityGroup | undefined;
  /** Of each function in the VPC that this platform has. */
  readonly functions: ReadonlyMap<FunctionPurpose, ISecurityGroup>;
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
  /** Alarms on what this tier replaces: they stand here, so that they follow it. */
  readonly alarms: readonly IAlarm[];
}

/** Where functions run that call AWS APIs only; `undefined` outside the VPC. */
export function placeOfAwsFunctions(network: NetworkResources) {
  return network.securityGroups.functions.has('aws-api') ? placeOfFunction(network, 'aws-api') : undefined;
}

/**
 * The place of a function among those that compute, with its own security group.
 *
 * @throws when the platform has no such function
 */
export function placeOfFunction({ vpc, appSubnets, securityGroups }: NetworkResources, purpose: FunctionPurpose) {
  const securityGroup = securityGroups.functions.get(purpose);
  if (!securityGroup) throw new Error(`The network has no security group for the function ${purpose}.`);
  return { vpc, subnets: appSubnets, securityGroup };
}
