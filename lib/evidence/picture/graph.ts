import type { Assembly } from '../assembly';
import { webAclOf } from '../pci/entrance-claims';
import { type Connection, internet, type Node, type Reachability } from '../reachability/reachability';
import { byCodeUnit } from '../sort';

/** Boxes of a picture, from the outside to the inside. */
export type Tier = 'internet' | 'edge' | 'public' | 'private' | 'isolated' | 'any' | 'aws';

/** What a picture draws as one shape. */
export interface Shape {
  readonly id: string;
  readonly tier: Tier;
  /** Lines of its label. */
  readonly label: readonly string[];
}

/** An arrow: who opens connections to whom. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly ports: string;
}

/** The picture of an assembly before its layout. */
export interface Graph {
  readonly region: string;
  readonly shapes: readonly Shape[];
  readonly arrows: readonly Arrow[];
}

/** Types whose nodes are one shape in each tier, because all have the same connections. */
const merged: Readonly<Record<string, string>> = {
  'NAT gateway': 'NAT gateways',
  instance: 'NAT instances',
  'interface endpoint': 'interface endpoints',
  'gateway endpoint': 'gateway endpoints',
};

/** Draws the reachability of an assembly with few shapes. */
export function graphOf(assembly: Assembly, { nodes, connections }: Reachability): Graph {
  const drawn = nodes.filter((node) => node.type !== 'prefix list' || !isDrawnByDistribution(node, connections, nodes));
  const shapeIds = new Map(drawn.map((node) => [node.id, shapeId(node, connections)]));
  const groups = [...new Set(shapeIds.values())].map((id) => drawn.filter((node) => shapeIds.get(node.id) === id));
  const arrows = connections
    .flatMap((connection) => steps(connection, nodes))
    .map(({ from, to, ports }) => ({ from: shapeIds.get(from), to: shapeIds.get(to), ports }))
    .filter((arrow): arrow is Arrow => arrow.from !== undefined && arrow.to !== undefined && arrow.from !== arrow.to);
  const unique = new Map(arrows.map((arrow) => [JSON.stringify(arrow), arrow]));
  const vpc = assembly.ofType('AWS::EC2::VPC')[0];
  return {
    region: vpc?.region ?? '',
    shapes: groups.map((group) => shapeOf(group, shapeIds, assembly)).sort(byCodeUnit(({ id }) => id)),
    arrows: [...unique.values()].sort(byCodeUnit(({ from, to, ports }) => `${from} ${to} ${ports}`)),
  };
}

/** A connection through hosts that forward is drawn as its two parts. */
function steps({ from, to, ports, via }: Connection, nodes: readonly Node[]): Arrow[] {
  const forwarders = nodes.filter(({ id, type }) => via.includes(id) && type in merged && id !== from);
  if (forwarders.length === 0) return [{ from, to, ports }];
  return forwarders.flatMap(({ id }) => [
    { from, to: id, ports },
    { from: id, to, ports },
  ]);
}

/** CloudFront's addresses need no shape beside the distribution. */
function isDrawnByDistribution({ id }: Node, connections: readonly Connection[], nodes: readonly Node[]): boolean {
  const distributions = nodes.filter(({ type }) => type === 'distribution').map((node) => node.id);
  return connections
    .filter(({ from }) => from === id)
    .every(({ to }) => connections.some((other) => other.to === to && distributions.includes(other.from)));
}

/** Functions with the same connections are one shape. */
function shapeId({ id, type, placement }: Node, connections: readonly Connection[]): string {
  if (type in merged) return `${type} ${placement ?? ''}`.trim();
  if (type !== 'function') return id;
  const peers = connections.flatMap(({ from, to, ports }) => {
    if (from === id) return [`to ${to} ${ports}`];
    return to === id ? [`from ${from} ${ports}`] : [];
  });
  return `function ${placement ?? ''} ${peers.join(', ')}`;
}

function shapeOf(group: readonly Node[], shapeIds: ReadonlyMap<string, string>, assembly: Assembly): Shape {
  const [first] = group;
  if (!first) throw new Error('A shape needs a node.');
  const id = shapeIds.get(first.id) ?? first.id;
  const tier = tierOf(first);
  if (first.type === 'function') return { id, tier, label: ['functions', ...group.map((node) => plainName(node.id))] };
  return { id, tier, label: first.type in merged ? mergedLabel(group) : labelOf(first, assembly) };
}

function tierOf({ type, placement }: Node): Tier {
  // What a resource starts may be in any subnet, unless the resource names some.
  if (type === 'started by a resource' && placement === 'public') return 'any';
  if (placement !== null) return placement;
  if (['internet', 'prefix list', 'host name'].includes(type)) return 'internet';
  return ['bucket', 'gateway endpoint'].includes(type) ? 'aws' : 'edge';
}

function mergedLabel(group: readonly Node[]): string[] {
  const [first] = group;
  const title = merged[first?.type ?? ''] ?? '';
  const isEndpoint = title.endsWith('endpoints');
  return isEndpoint
    ? [title, ...group.map(({ name }) => name).sort(byCodeUnit((name) => name))]
    : [`${group.length} ${title}`];
}

function labelOf({ id, type }: Node, assembly: Assembly): string[] {
  if (id === internet || type === 'prefix list' || type === 'host name') return [id];
  const name = plainName(id);
  if (type === 'started by a resource') return ['started by', name];
  const isEntrance = type === 'distribution' || type === 'API';
  const entrance =
    isEntrance || type === 'load balancer' ? assembly.resources.find(({ key }) => key === id) : undefined;
  const stages =
    entrance?.type === 'AWS::ApiGateway::RestApi' ? assembly.referrersOf(id, 'AWS::ApiGateway::Stage') : [];
  const isGuarded = [entrance, ...stages].some((each) => each !== undefined && webAclOf(each, assembly) !== undefined);
  return [type, name, ...(isGuarded ? ['behind a web ACL'] : [])];
}

/** The logical id without the stack and without the hash that CDK appends. */
const plainName = (id: string): string =>
  id
    .replace(/^.*\//, '')
    .replace(/ starts$/, '')
    .replace(/[0-9A-F]{8}$/, '');
