import { isIPv4, isIPv6 } from 'node:net';
import { type Range, subtractRanges } from './ranges';

/** IPv6 addresses are numbered after all IPv4 addresses, so that one range never contains both. */
export const firstIpv6 = 2n ** 32n;
const bits = { 4: 32n, 6: 128n } as const;

export const ipv4Addresses: Range = [0n, firstIpv6 - 1n];
export const ipv6Addresses: Range = [firstIpv6, firstIpv6 + 2n ** bits[6] - 1n];
export const allAddresses: Range = [0n, ipv6Addresses[1]];

/** The addresses of a CIDR block. @throws when it is none */
export function addressesOf(cidr: string): Range {
  const [address = '', prefix = ''] = cidr.split('/');
  const version = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (version === undefined || !/^\d+$/.test(prefix) || BigInt(prefix) > bits[version])
    throw new Error(`${cidr} is no CIDR block. Use one such as 10.0.0.0/16 or 2001:db8::/32.`);
  const size = 2n ** (bits[version] - BigInt(prefix));
  const value = version === 4 ? valueOf(address.split('.').map(Number), 8n) : valueOf(groupsOf(address), 16n);
  const first = value - (value % size) + (version === 4 ? 0n : firstIpv6);
  return [first, first + size - 1n];
}

/**
 * Addresses that the internet routes; the others are private, reserved or local.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/ipv6-unicast-address-assignments
 */
export const publicAddresses: readonly Range[] = [
  ...subtractRanges(
    [ipv4Addresses],
    ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16']
      .concat('224.0.0.0/3')
      .map(addressesOf),
  ),
  addressesOf('2000::/3'),
];

function valueOf(groups: readonly number[], bitsOfGroup: bigint): bigint {
  return groups.reduce((sum, group) => (sum << bitsOfGroup) + BigInt(group), 0n);
}

/** The eight groups of an IPv6 address, of which `::` leaves out those that are 0. */
function groupsOf(address: string): number[] {
  const [head = [], tail = []] = address
    .split('::')
    .map((side) => side.split(':').filter((group) => group !== ''))
    .map((groups) => groups.map((group) => Number.parseInt(group, 16)));
  const zeros: number[] = address.includes('::') ? Array<number>(8 - head.length - tail.length).fill(0) : [];
  return [...head, ...zeros, ...tail];
}
