import { byCodeUnit } from '../sort';
import { firstIpv6, publicAddresses } from './addresses';
import { mergeRanges, type Range, subtractRanges } from './ranges';
import { allPorts, allProtocols, type Traffic } from './traffic';

const protocolNames: Readonly<Record<string, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** The protocols and ports of traffic for people: `tcp 443, 5432; udp 53`. */
export function portsText(traffic: Traffic): string {
  const wholeProtocols = mergeRanges(
    traffic.filter(([, , port]) => same(port, allPorts)).map(([, protocol]) => protocol),
  );
  if (wholeProtocols.some((range) => same(range, allProtocols))) return 'all protocols';
  const protocols = new Set(traffic.map(([, protocol]) => protocolText(protocol)));
  return [...protocols]
    .sort(byCodeUnit((protocol) => protocol))
    .map((name) => {
      const ports = traffic.filter(([, protocol]) => protocolText(protocol) === name).map(([, , port]) => port);
      const ranges = mergeRanges(ports);
      return ranges.some((range) => same(range, allPorts)) ? name : `${name} ${ranges.map(rangeText).join(', ')}`;
    })
    .join('; ');
}

/** The addresses of traffic as CIDR blocks; `anywhere` for all public ones of IPv4. */
export function addressesText(traffic: Traffic): string {
  const ranges = mergeRanges(traffic.map(([address]) => address));
  const others = subtractRanges(publicAddresses, ranges).filter(([first]) => first < firstIpv6);
  return others.length === 0 ? 'anywhere' : ranges.flatMap(cidrsOf).join(', ');
}

function protocolText(protocol: Range): string {
  if (protocol[0] !== protocol[1]) return `protocol ${rangeText(protocol)}`;
  return protocolNames[String(protocol[0])] ?? `protocol ${protocol[0]}`;
}

const rangeText = ([first, last]: Range) => (first === last ? String(first) : `${first}-${last}`);
const same = (left: Range, right: Range) => left[0] === right[0] && left[1] === right[1];

/** The CIDR blocks of a range, each as large as its start and the rest allow. */
function cidrsOf([first, last]: Range): string[] {
  const [offset, bits] = first < firstIpv6 ? [0n, 32] : [firstIpv6, 128];
  const sizeOf = (prefix: number) => 2n ** BigInt(bits - prefix);
  const blocks: string[] = [];
  for (let start = first - offset; start <= last - offset;) {
    let prefix = bits;
    const fits = (size: bigint) => start % size === 0n && start + size - 1n <= last - offset;
    while (prefix > 0 && fits(sizeOf(prefix - 1))) prefix -= 1;
    blocks.push(`${addressText(start, bits)}/${prefix}`);
    start += sizeOf(prefix);
  }
  return blocks;
}

function addressText(value: bigint, bits: number): string {
  const [width, radix, separator] = bits === 32 ? [8n, 10, '.'] : [16n, 16, ':'];
  const count = bits / Number(width);
  const groups = Array.from(
    { length: count },
    (_, index) => (value >> (width * BigInt(count - index - 1))) % (1n << width),
  );
  return groups.map((group) => group.toString(radix)).join(separator);
}
