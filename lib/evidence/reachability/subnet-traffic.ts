import { allAddresses } from './addresses';
import type { Route, Subnet } from './topology';
import { allPorts, allProtocols, ephemeralPorts, everything, intersect, subtract, tcp, type Traffic } from './traffic';

/** The packets that the network ACL of a subnet allows: by the first entry that matches, for each direction on its own. */
export function allowedByAcl({ acl }: Subnet, direction: 'in' | 'out'): Traffic {
  const entries = acl.filter(({ isEgress }) => isEgress === (direction === 'out'));
  return entries.flatMap(({ allows, packets }, index) => {
    const earlier = entries.slice(0, index).map((entry) => entry.packets);
    return allows ? subtract([packets], earlier) : [];
  });
}

/** What the network ACLs allow between two subnets, responses included. They do not apply within one. */
export function aclBetween(source: Subnet, destination: Subnet): Traffic {
  if (source.key === destination.key) return everything;
  const out = answered(within(allowedByAcl(source, 'out'), destination), source, 'in');
  const into = answered(within(allowedByAcl(destination, 'in'), source), destination, 'out');
  return intersect(withAnyAddress(out), withAnyAddress(into));
}

/** Leaves out TCP connections whose responses, which take the other direction, the subnet's ACL stops. */
export function answered(traffic: Traffic, subnet: Subnet, responsesGo: 'in' | 'out'): Traffic {
  const responses = intersect(allowedByAcl(subnet, responsesGo), [[allAddresses, tcp, ephemeralPorts]]);
  const others = subtract(traffic, [[allAddresses, tcp, allPorts]]);
  return [
    ...intersect(
      traffic,
      responses.map(([address]) => [address, tcp, allPorts]),
    ),
    ...others,
  ];
}

/** Splits packets that leave a subnet by their route: the one with the smallest destination. */
export function routed({ routes }: Subnet, traffic: Traffic): { route: Route; traffic: Traffic }[] {
  return routes.map((route, index) => {
    const earlier = routes.slice(0, index).map(toDestination);
    return { route, traffic: subtract(intersect(traffic, [toDestination(route)]), earlier) };
  });
}

/** The packets whose peer is in the subnet. */
export function within(traffic: Traffic, { addresses }: Subnet): Traffic {
  return intersect(
    traffic,
    addresses.map((range) => [range, allProtocols, allPorts]),
  );
}

/** The same protocols and ports, whatever the address of the peer. */
export function withAnyAddress(traffic: Traffic): Traffic {
  return traffic.map(([, protocol, port]) => [allAddresses, protocol, port]);
}

const toDestination = ({ destination }: Route) => [destination, allProtocols, allPorts] as const;
