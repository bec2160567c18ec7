import { allAddresses } from './addresses';
import type { Range } from './ranges';
import type { Host, Peer } from './topology';
import { allPorts, allProtocols, type Box, type Traffic } from './traffic';

/** What one rule of a security group allows. */
export interface AllowedTraffic {
  /** The resource that declares the rule; `undefined` where no group filters. */
  readonly resource: string | undefined;
  readonly packets: Box;
}

type Direction = 'ingress' | 'egress';

/** What the rules of a host allow it to exchange with another host of the VPC. */
export function rulesWithHost(host: Host, direction: Direction, other: Host): AllowedTraffic[] {
  const isOther = (peer: Peer) =>
    'addresses' in peer || ('group' in peer && other.groups?.some(({ key }) => key === peer.group) === true);
  return rulesAbout(host, direction, isOther);
}

/** What the rules of a host allow it to exchange with addresses. */
export function rulesWithAddresses(host: Host, direction: Direction): AllowedTraffic[] {
  return rulesAbout(host, direction, (peer) => 'addresses' in peer);
}

/** What the rules of a host allow it to exchange with a prefix list, whose addresses are not known. */
export function rulesWithPrefixList(host: Host, direction: Direction, prefixList?: string): AllowedTraffic[] {
  const isList = (peer: Peer) => 'prefixList' in peer && (prefixList ?? peer.prefixList) === peer.prefixList;
  return rulesAbout(host, direction, isList);
}

function rulesAbout({ groups }: Host, direction: Direction, isAbout: (peer: Peer) => boolean): AllowedTraffic[] {
  if (!groups) return [{ resource: undefined, packets: [allAddresses, allProtocols, allPorts] }];
  return groups
    .flatMap((group) => group[direction])
    .filter(({ peer }) => isAbout(peer))
    .map(({ resource, peer, protocol, port }) => {
      const addresses: Range = 'addresses' in peer ? peer.addresses : allAddresses;
      return { resource, packets: [addresses, protocol, port] };
    });
}

export function trafficOf(rules: readonly AllowedTraffic[]): Traffic {
  return rules.map(({ packets }) => packets);
}
