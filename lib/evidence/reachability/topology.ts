import type { Range } from './ranges';
import type { Box } from './traffic';

/** A network as its templates declare it. Resources are named by their keys in the assembly. */
export interface Topology {
  readonly hosts: readonly Host[];
  readonly endpoints: readonly GatewayEndpoint[];
  /** What the model does not cover, and what templates leave open. Reachability is proven only where this list is empty. */
  readonly problems: readonly string[];
}

/** What has network interfaces in a VPC. */
export interface Host {
  readonly key: string;
  readonly name: string;
  readonly type: HostType;
  readonly subnets: readonly Subnet[];
  /** `undefined` for what security groups do not filter, such as a NAT gateway. */
  readonly groups: readonly SecurityGroup[] | undefined;
  /** Whether it has addresses that the internet routes. */
  readonly isPublic: boolean;
  /** Whether it forwards packets that are addressed to others. */
  readonly forwards: boolean;
  /** Interface endpoints only: the service, as in `secretsmanager`. */
  readonly service?: string | undefined;
}

/** Kinds of hosts. What a resource starts is the task of a custom resource, or a database that a function restores. */
export const hostTypes = [
  'database',
  'database proxy',
  'function',
  'instance',
  'interface endpoint',
  'load balancer',
  'NAT gateway',
  'service',
  'VPC link',
  'started by a resource',
] as const;

export type HostType = (typeof hostTypes)[number];

/** A subnet with its routes, those with the smallest destination first, and the entries of its network ACL. */
export interface Subnet {
  readonly key: string;
  readonly vpc: string;
  readonly addresses: readonly Range[];
  readonly routeTable: string | undefined;
  readonly routes: readonly Route[];
  readonly acl: readonly AclEntry[];
}

export interface Route {
  readonly destination: Range;
  readonly target: { readonly type: RouteTargetType; readonly key: string };
}

export type RouteTargetType = 'internet gateway' | 'egress-only gateway' | 'forwarding host' | 'other network';

/** An entry of a network ACL, which applies to packets in one direction. */
export interface AclEntry {
  readonly number: number;
  readonly isEgress: boolean;
  readonly allows: boolean;
  readonly packets: Box;
}

export interface SecurityGroup {
  readonly key: string;
  readonly vpc: string;
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
}

/** A rule of a security group. What it allows, it allows whoever started the connection to be answered. */
export interface GroupRule {
  /** The resource that declares the rule. */
  readonly resource: string;
  readonly peer: Peer;
  readonly protocol: Range;
  readonly port: Range;
}

/** The other side of a rule: a range of addresses, the members of a group, or a list of addresses that AWS or the account keeps. */
export type Peer = { readonly addresses: Range } | { readonly group: string } | { readonly prefixList: string };

/** A gateway endpoint: S3 or DynamoDB for the subnets of its route tables. */
export interface GatewayEndpoint {
  readonly key: string;
  readonly service: string;
  readonly routeTables: readonly string[];
}
