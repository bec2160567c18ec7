import { ipv6Addresses } from './addresses';
import { type Flow, flowOf } from './flows';
import { rulesWithAddresses, trafficOf } from './group-rules';
import { allowedByAcl, answered, routed, within, withAnyAddress } from './subnet-traffic';
import type { Host, Route, Subnet } from './topology';
import { allPorts, allProtocols, everything, intersect, publicTraffic, type Traffic } from './traffic';

/** What a host may send to the internet, by the addresses of the receivers, through any gateway or host that its routes lead to. */
export function flowToInternet(from: Host, hosts: readonly Host[]): Flow | undefined {
  const rules = rulesWithAddresses(from, 'egress');
  const sent = intersect(trafficOf(rules), publicTraffic);
  const ways = from.subnets.map((subnet) => leave({ host: from, subnet, traffic: sent, passed: [from.key] }, hosts));
  return flowOf(
    ways.flatMap(({ traffic }) => traffic),
    rules,
    ways.flatMap(({ via }) => via),
  );
}

/** Packets of a host on their way out of a subnet. */
interface Departure {
  readonly host: Host;
  readonly subnet: Subnet;
  readonly traffic: Traffic;
  /** The hosts that the packets have passed, so that a loop of routes ends. */
  readonly passed: readonly string[];
}

type Way = Pick<Flow, 'traffic' | 'via'>;

const nowhere: Way = { traffic: [], via: [] };

function leave(departure: Departure, hosts: readonly Host[]): Way {
  const { subnet, traffic } = departure;
  const leaving = answered(intersect(traffic, allowedByAcl(subnet, 'out')), subnet, 'in');
  return together(
    routed(subnet, leaving).map((part) => follow(part.route, { ...departure, traffic: part.traffic }, hosts)),
  );
}

function follow({ target: { type, key } }: Route, departure: Departure, hosts: readonly Host[]): Way {
  const { host, traffic, passed } = departure;
  if (type === 'internet gateway') return by(key, intersect(traffic, fromPublicAddresses(host)));
  if (type === 'egress-only gateway') return by(key, traffic);
  const next = hosts.find((each) => each.key === key);
  if (!next?.forwards || passed.includes(key)) return nowhere;
  return forward(next, { ...departure, passed: [...passed, key] }, hosts);
}

/** Passes packets through a NAT gateway or instance, whose groups see the sender on one side and the receiver on the other. */
function forward(next: Host, { subnet: source, traffic, passed }: Departure, hosts: readonly Host[]): Way {
  const into = withAnyAddress(within(trafficOf(rulesWithAddresses(next, 'ingress')), source));
  const out = trafficOf(rulesWithAddresses(next, 'egress'));
  const way = together(
    next.subnets.map((subnet) => {
      const acl = subnet.key === source.key ? everything : withAnyAddress(within(allowedByAcl(subnet, 'in'), source));
      const accepted = intersect(intersect(intersect(traffic, into), acl), out);
      return leave({ host: next, subnet, traffic: accepted, passed }, hosts);
    }),
  );
  return way.traffic.length > 0 ? { ...way, via: [next.key, ...way.via] } : nowhere;
}

/** IPv6 addresses are public wherever a subnet has any; IPv4 ones only where the host has a public address. */
function fromPublicAddresses({ isPublic, subnets }: Host): Traffic {
  if (isPublic) return everything;
  return subnets.some(({ addresses }) => addresses.length > 1) ? [[ipv6Addresses, allProtocols, allPorts]] : [];
}

const by = (key: string, traffic: Traffic): Way => (traffic.length > 0 ? { traffic, via: [key] } : nowhere);

const together = (ways: readonly Way[]): Way => ({
  traffic: ways.flatMap(({ traffic }) => traffic),
  via: ways.flatMap(({ via }) => via),
});
