import type { Assembly } from '../assembly';
import { byCodeUnit } from '../sort';
import { allAddresses } from './addresses';
import { addressesText, portsText } from './describe-traffic';
import { type Flow, flowBetween, flowFromInternet, flowFromPrefixList, flowToGateway } from './flows';
import { flowToInternet } from './outward-flows';
import { type Entrance, entranceTypes, type Origin, readEntrances } from './read-entrances';
import { readTopology } from './read-topology';
import { nameOf } from './template-values';
import { type GatewayEndpoint, type Host, hostTypes } from './topology';
import { intersect, tcp, type Traffic } from './traffic';

/** The name of everything outside of the account's networks. */
export const internet = 'internet';

/** What may be a side of a connection. */
export const nodeTypes = [
  ...hostTypes,
  ...entranceTypes,
  'bucket',
  'gateway endpoint',
  'host name',
  'internet',
  'prefix list',
] as const;

/** A side of a connection. */
export interface Node {
  /** Key of its resource; `internet`, or the name of a prefix list or host. */
  readonly id: string;
  readonly name: string;
  readonly type: (typeof nodeTypes)[number];
  /** Whether its subnets lead to the internet directly, by a forwarding host, or not at all; `null` outside of a VPC. */
  readonly placement: 'public' | 'private' | 'isolated' | null;
}

/** Who may open connections to whom. */
export interface Connection {
  readonly from: string;
  readonly to: string;
  /** `tcp 443`. */
  readonly ports: string;
  /** The side that is the internet: its addresses, `anywhere` or CIDR blocks. Otherwise `null`. */
  readonly addresses: string | null;
  /** Gateways and hosts that forward the packets. */
  readonly via: readonly string[];
  /** The rules that allow it; empty where a configuration alone connects both. */
  readonly rules: readonly string[];
}

/** The reachability of an assembly: a graph whose edges are the rows of a table. */
export interface Reachability {
  readonly nodes: readonly Node[];
  readonly connections: readonly Connection[];
  /** What is not covered. Nothing is proven unless this is empty. */
  readonly problems: readonly string[];
}

/** Computes who reaches whom in the network of an assembly, sorted by code unit. */
export function reachabilityOf(assembly: Assembly): Reachability {
  const { hosts, endpoints, problems } = readTopology(assembly);
  const entrances = readEntrances(assembly);
  // NAT gateways start nothing and accept nothing for themselves; they appear where they forward.
  const ends = hosts.filter(({ type }) => type !== 'NAT gateway');
  const connections = [
    ...betweenHosts(ends),
    ...ends.flatMap((host) => [
      ...withInternet(host, hosts),
      ...fromPrefixLists(host),
      ...endpoints.flatMap((endpoint) => connectionOf(host.key, endpoint.key, flowToGateway(host, endpoint))),
    ]),
    ...entrances.flatMap((entrance) => throughEntrance(entrance, ends)),
  ].sort(byCodeUnit(({ from, to }) => `${from} ${to}`));
  const known = [...hosts.map(hostNode), ...endpoints.map(endpointNode), ...entrances.map(entranceNode)];
  const ids = new Set(connections.flatMap(({ from, to }) => [from, to]));
  const others = [...ids].filter((id) => !known.some((node) => node.id === id)).map((id) => otherNode(assembly, id));
  return {
    nodes: [...known, ...others].sort(byCodeUnit(({ id }) => id)),
    connections,
    problems: [...problems].sort(byCodeUnit((problem) => problem)),
  };
}

function betweenHosts(hosts: readonly Host[]): Connection[] {
  return hosts.flatMap((from) =>
    hosts.filter((to) => to !== from).flatMap((to) => connectionOf(from.key, to.key, flowBetween(from, to))),
  );
}

function withInternet(host: Host, hosts: readonly Host[]): Connection[] {
  const [into, out] = [flowFromInternet(host), flowToInternet(host, hosts)];
  return [
    ...connectionOf(internet, host.key, into, into && addressesText(into.traffic)),
    ...connectionOf(host.key, internet, out, out && addressesText(out.traffic)),
  ];
}

function fromPrefixLists(host: Host): Connection[] {
  return prefixListsOf(host).flatMap((list) => connectionOf(list, host.key, flowFromPrefixList(list, host)));
}

function prefixListsOf({ groups = [] }: Host): string[] {
  const peers = groups.flatMap(({ ingress }) => ingress.map(({ peer }) => peer));
  return [...new Set(peers.flatMap((peer) => ('prefixList' in peer ? [peer.prefixList] : [])))];
}

function throughEntrance({ key, ports, origins }: Entrance, hosts: readonly Host[]): Connection[] {
  const entering = { addresses: 'anywhere', via: [], rules: [] };
  return [
    { ...entering, from: internet, to: key, ports: `tcp ${ports.join(', ')}` },
    ...origins.flatMap((origin) => toOrigin(key, origin, hosts)),
  ];
}

/** A public load balancer must also admit what the configuration of an entrance connects to it. */
function toOrigin(from: string, { target, port }: Origin, hosts: readonly Host[]): Connection[] {
  const host = hosts.find(({ key }) => key === target);
  const configured = { from, to: target, ports: `tcp ${port}`, addresses: null, via: [], rules: [] };
  if (host?.isPublic !== true) return [configured];
  const wanted: Traffic = [[allAddresses, tcp, [BigInt(port), BigInt(port)]]];
  const admitted = [flowFromInternet(host), ...prefixListsOf(host).map((list) => flowFromPrefixList(list, host))]
    .filter((flow) => flow !== undefined)
    .find(({ traffic }) => intersect(traffic, wanted).length > 0);
  return admitted ? [{ ...configured, rules: admitted.rules, via: admitted.via }] : [];
}

function connectionOf(from: string, to: string, flow: Flow | undefined, addresses: string | null = null): Connection[] {
  if (!flow) return [];
  return [{ from, to, ports: portsText(flow.traffic), addresses, via: flow.via, rules: flow.rules }];
}

function hostNode({ key, name, type, subnets, service }: Host): Node {
  const targets = subnets.flatMap(({ routes }) => routes.map(({ target }) => target.type));
  const placement = targets.includes('internet gateway') ? 'public' : targets.length > 0 ? 'private' : 'isolated';
  return { id: key, name: service ?? name, type, placement };
}

function endpointNode({ key, service }: GatewayEndpoint): Node {
  return { id: key, name: service, type: 'gateway endpoint', placement: null };
}

function entranceNode({ key, name, type }: Entrance): Node {
  return { id: key, name, type, placement: null };
}

function otherNode(assembly: Assembly, id: string): Node {
  if (id === internet) return { id, name: id, type: 'internet', placement: null };
  const resource = assembly.resources.find(({ key }) => key === id);
  if (resource) return { id, name: nameOf(resource), type: 'bucket', placement: null };
  return { id, name: id, type: id.startsWith('com.amazonaws.') ? 'prefix list' : 'host name', placement: null };
}
