import { assert, bigInt, property, tuple } from 'fast-check';
import { addressesOf } from '../../../lib/evidence/reachability/addresses';
import { addressesText, portsText } from '../../../lib/evidence/reachability/describe-traffic';
import type { Range } from '../../../lib/evidence/reachability/ranges';
import {
  allPorts,
  allProtocols,
  type Box,
  intersect,
  subtract,
  tcp,
  type Traffic,
  udp,
} from '../../../lib/evidence/reachability/traffic';

const number = bigInt({ min: 0n, max: 3n });
const range = tuple(number, number).map(([a, b]): Range => (a < b ? [a, b] : [b, a]));
const traffic = tuple(tuple(range, range, range), tuple(range, range, range)).map((boxes): Traffic => boxes);

/** Every packet of a small world. */
const packets = [0n, 1n, 2n, 3n].flatMap((address) =>
  [0n, 1n, 2n, 3n].flatMap((protocol) => [0n, 1n, 2n, 3n].map((port) => [address, protocol, port] as const)),
);
const contains = (set: Traffic, packet: readonly bigint[]) =>
  set.some((box) =>
    box.every(([first, last], index) => first <= (packet[index] ?? -1n) && (packet[index] ?? -1n) <= last),
  );

test('intersects and subtracts as sets of packets do', () => {
  assert(
    property(traffic, traffic, (left, right) => {
      const [both, rest] = [intersect(left, right), subtract(left, right)];
      const wrong = packets.filter(
        (packet) =>
          contains(both, packet) !== (contains(left, packet) && contains(right, packet)) ||
          contains(rest, packet) !== (contains(left, packet) && !contains(right, packet)),
      );
      expect(wrong).toEqual([]);
    }),
    { seed: 1 },
  );
});

test.each([
  ['10.1.2.3/16', '10.1.0.0/16'],
  ['0.0.0.0/1', '0.0.0.0/1'],
  ['2001:db8::1/32', '2001:db8:0:0:0:0:0:0/32'],
  ['::1/128', '0:0:0:0:0:0:0:1/128'],
])('reads the block %s', (cidr, canonical) => {
  expect(addressesText([[addressesOf(cidr), allProtocols, allPorts]])).toBe(canonical);
});

test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0/8', '2001:db8::/129', 'any'])('refuses %s, which is no block', (cidr) => {
  expect(() => addressesOf(cidr)).toThrow(`${cidr} is no CIDR block.`);
});

const anyone = addressesOf('0.0.0.0/0');
test.each<[string, readonly Box[]]>([
  [
    'tcp 80, 443-445; udp 53',
    [
      [anyone, tcp, [443n, 444n]],
      [anyone, udp, [53n, 53n]],
      [anyone, tcp, [80n, 80n]],
      [anyone, tcp, [445n, 445n]],
    ],
  ],
  [
    'icmp; tcp',
    [
      [anyone, tcp, allPorts],
      [anyone, [1n, 1n], allPorts],
    ],
  ],
  [
    'protocol 50; protocol 7-9',
    [
      [anyone, [7n, 9n], allPorts],
      [anyone, [50n, 50n], allPorts],
    ],
  ],
  [
    'all protocols',
    [
      [anyone, [7n, 255n], allPorts],
      [anyone, [0n, 6n], allPorts],
    ],
  ],
])('describes %s', (text, boxes) => {
  expect(portsText(boxes)).toBe(text);
});

test('describes a range of addresses by its blocks', () => {
  const [first] = addressesOf('198.51.100.0/25');
  expect(addressesText([[[first, first + 129n], tcp, allPorts]])).toBe('198.51.100.0/25, 198.51.100.128/31');
});
