import { type AllowedTraffic, rulesWithAddresses, rulesWithHost, rulesWithPrefixList, trafficOf } from './group-rules';
import { overlap } from './ranges';
import { aclBetween, allowedByAcl, answered, routed, within, withAnyAddress } from './subnet-traffic';
import type { GatewayEndpoint, Host } from './topology';
import { intersect, publicTraffic, type Traffic } from './traffic';

/** What may pass on one way, and the resources that allow it. */
export interface Flow {
  readonly traffic: Traffic;
  /** The rules of security groups on both sides. */
  readonly rules: readonly string[];
  /** Gateways and hosts that forward the packets. */
  readonly via: readonly string[];
}

/** What one host may send to another of its VPC. */
export function flowBetween(from: Host, to: Host): Flow | undefined {
  const [out, into] = [rulesWithHost(from, 'egress', to), rulesWithHost(to, 'ingress', from)];
  if (out.length === 0 || into.length === 0) return undefined;
  const traffic = from.subnets.flatMap((source) =>
    to.subnets
      .filter(({ vpc }) => vpc === source.vpc)
      .flatMap((destination) => {
        const sent = withAnyAddress(within(trafficOf(out), destination));
        const received = withAnyAddress(within(trafficOf(into), source));
        return intersect(intersect(sent, received), aclBetween(source, destination));
      }),
  );
  return flowOf(traffic, [...out, ...into]);
}

/** What the internet may send to a host, by the addresses of the senders. */
export function flowFromInternet(to: Host): Flow | undefined {
  const rules = rulesWithAddresses(to, 'ingress');
  return flowOf(intersect(throughGateways(to, trafficOf(rules)), publicTraffic), rules, internetGatewaysOf(to));
}

/** What the addresses of a prefix list may send to a host. No template tells them; each public address may be one. */
export function flowFromPrefixList(prefixList: string, to: Host): Flow | undefined {
  const rules = rulesWithPrefixList(to, 'ingress', prefixList);
  const traffic = intersect(throughGateways(to, trafficOf(rules)), publicTraffic);
  return flowOf(withAnyAddress(traffic), rules, internetGatewaysOf(to));
}

/** What a host may send to a service through a gateway endpoint. The service has public addresses. */
export function flowToGateway(from: Host, { routeTables }: GatewayEndpoint): Flow | undefined {
  const rules = [...rulesWithAddresses(from, 'egress'), ...rulesWithPrefixList(from, 'egress')];
  const sent = intersect(trafficOf(rules), publicTraffic);
  const traffic = from.subnets
    .filter(({ routeTable }) => routeTable !== undefined && routeTables.includes(routeTable))
    .flatMap((subnet) => answered(intersect(sent, allowedByAcl(subnet, 'out')), subnet, 'in'));
  return flowOf(withAnyAddress(traffic), rules);
}

/** A flow with the rules that are about its packets; `undefined` if it has none. */
export function flowOf(
  traffic: Traffic,
  rules: readonly AllowedTraffic[],
  via: readonly string[] = [],
): Flow | undefined {
  if (traffic.length === 0) return undefined;
  const used = rules.filter(({ packets }) =>
    traffic.some((box) => overlap(box[1], packets[1]) && overlap(box[2], packets[2])),
  );
  const resources = used.map(({ resource }) => resource).filter((resource) => resource !== undefined);
  return { traffic, rules: [...new Set(resources)], via: [...new Set(via)] };
}

/** Packets to a public host from senders that its subnets answer through an internet gateway. */
function throughGateways({ isPublic, subnets }: Host, allowed: Traffic): Traffic {
  if (!isPublic) return [];
  return subnets.flatMap((subnet) => {
    const answerable = routed(subnet, intersect(allowed, allowedByAcl(subnet, 'in')))
      .filter(({ route }) => route.target.type === 'internet gateway')
      .flatMap(({ traffic }) => traffic);
    return answered(answerable, subnet, 'out');
  });
}

function internetGatewaysOf({ subnets }: Host): string[] {
  return subnets.flatMap(({ routes }) =>
    routes.filter(({ target }) => target.type === 'internet gateway').map(({ target }) => target.key),
  );
}
