import { allAddresses, publicAddresses } from './addresses';
import { overlap, type Range, subtractRanges } from './ranges';

/** Packets whose peer address, protocol number and destination port are in these ranges. */
export type Box = readonly [address: Range, protocol: Range, port: Range];

/** A set of packets: those of each of its boxes. */
export type Traffic = readonly Box[];

export const allProtocols: Range = [0n, 255n];
export const allPorts: Range = [0n, 65_535n];
export const tcp: Range = [6n, 6n];
export const udp: Range = [17n, 17n];

/**
 * Ports on which clients receive responses: those of functions and NAT gateways, which include those of Linux.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
 */
export const ephemeralPorts: Range = [1024n, 65_535n];

/** Every packet. */
export const everything: Traffic = [[allAddresses, allProtocols, allPorts]];

/** Packets from and to addresses that the internet routes. */
export const publicTraffic: Traffic = publicAddresses.map((address) => [address, allProtocols, allPorts]);

/** The packets that both sets contain. */
export function intersect(left: Traffic, right: Traffic): Traffic {
  return left.flatMap((box) => right.map((other) => common(box, other)).filter((both) => both !== undefined));
}

/** The packets of `left` that `right` does not contain. */
export function subtract(left: Traffic, right: Traffic): Traffic {
  return right.reduce<Traffic>((rest, cut) => rest.flatMap((box) => without(box, cut)), left);
}

function common(left: Box, right: Box): Box | undefined {
  const address = overlap(left[0], right[0]);
  const protocol = overlap(left[1], right[1]);
  const port = overlap(left[2], right[2]);
  return address && protocol && port && [address, protocol, port];
}

/** Cuts one range after the other, so that the pieces do not overlap. */
function without(box: Box, cut: Box): Box[] {
  const inner = common(box, cut);
  if (!inner) return [box];
  const [address, protocol, port] = box;
  return [
    ...subtractRanges([address], [inner[0]]).map((rest): Box => [rest, protocol, port]),
    ...subtractRanges([protocol], [inner[1]]).map((rest): Box => [inner[0], rest, port]),
    ...subtractRanges([port], [inner[2]]).map((rest): Box => [inner[0], inner[1], rest]),
  ];
}
