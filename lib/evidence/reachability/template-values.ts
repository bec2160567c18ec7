import type { Assembly, AssemblyResource } from '../assembly';
import { isRecord, Reference, referencesIn, textOf } from '../values';
import { addressesOf, ipv4Addresses, ipv6Addresses } from './addresses';
import type { Range } from './ranges';
import { allPorts, allProtocols, tcp, udp } from './traffic';

/** A property as a list of objects; empty where it is absent. */
export function recordsIn(value: unknown): Readonly<Record<string, unknown>>[] {
  return [value ?? []].flat().filter(isRecord);
}

/** A property as an object; empty where it is absent. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** The resources of one type that a value refers to, each once. */
export function targetsOf(assembly: Assembly, value: unknown, type: string): AssemblyResource[] {
  const keys = new Set(referencesIn(value).map(({ target }) => target));
  return [...keys].map((key) => assembly.get(key)).filter((resource) => resource.type === type);
}

/** The physical name of a resource if its template gives one; its logical id otherwise. */
export function nameOf({ properties, type, logicalId }: AssemblyResource): string {
  const shortType = type.split('::').at(-1) ?? '';
  const given = [`${shortType}Name`, `${shortType}Identifier`, 'Name']
    .map((property) => properties[property])
    .find((value) => value !== undefined);
  return given === undefined ? logicalId : textOf(given);
}

/** The addresses of a CIDR property. What only a deployment knows may be any address of the family. */
export function cidrRange(assembly: Assembly, value: unknown, family: 4 | 6): Range {
  if (typeof value === 'string') return addressesOf(value);
  const vpc = value instanceof Reference && value.attribute === 'CidrBlock' ? assembly.get(value.target) : undefined;
  const block = vpc?.properties['CidrBlock'];
  if (typeof block === 'string') return addressesOf(block);
  return family === 4 ? ipv4Addresses : ipv6Addresses;
}

const protocolNumbers: Readonly<Record<string, Range>> = {
  tcp,
  udp,
  icmp: [1n, 1n],
  icmpv6: [58n, 58n],
  '-1': allProtocols,
};

/** The protocol of a rule: a name, a number, or -1 for all. What only a deployment knows may be any. */
export function protocolRange(value: unknown): Range {
  const text = textOf(value).toLowerCase();
  return protocolNumbers[text] ?? (/^\d+$/.test(text) ? [BigInt(text), BigInt(text)] : allProtocols);
}

/** The ports of a rule. Only TCP and UDP have any; ICMP's types stand in the same properties. */
export function portRange(protocol: Range, from: unknown, to: unknown): Range {
  const hasPorts = [tcp, udp].some(([number]) => protocol[0] === number && protocol[1] === number);
  if (!hasPorts) return allPorts;
  const [first, last] = [from, to].map((port) => Number(textOf(port ?? Number.NaN)));
  if (first === undefined || last === undefined || Number.isNaN(first + last) || first < 0) return allPorts;
  return [BigInt(first), BigInt(last)];
}
