import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where webhooks may go. */
export interface DestinationPolicy {
  /** Whether loopback is allowed too, at any port and without TLS. Local platform and tests only. */
  readonly loopback: boolean;
  /** Ranges in CIDR notation that are refused beside all special ones: our own network. */
  readonly refusedRanges: readonly string[];
}

/** Looks up all addresses of a host name. */
export type Resolve = (hostName: string) => Promise<readonly string[]>;

/** A destination that webhooks may not reach. The merchant sees the message. */
export class RefusedDestinationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RefusedDestinationError';
  }
}

const maxUrlLength = 2048;

/** All unicast addresses of IPv6 that are assigned for global use. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');
const loopbackNames = new Map([['localhost', ['127.0.0.1', '::1']]]);

/**
 * Parses the URL of an endpoint.
 *
 * @throws RefusedDestinationError when it is not HTTPS on port 443, has credentials or a fragment, or names an address that is not public
 */
export function parseDestination(text: string, policy: DestinationPolicy): URL {
  if (!URL.canParse(text))
    throw new RefusedDestinationError('The URL must be absolute, such as https://shop.example/hooks.');
  const url = new URL(text);
  // The parser encodes characters that a URL may not contain, so its text may be longer than what was given.
  if (url.href.length > maxUrlLength)
    throw new RefusedDestinationError(`The URL must have at most ${maxUrlLength} characters.`);
  if (url.username !== '' || url.password !== '')
    throw new RefusedDestinationError('The URL must not contain credentials.');
  if (url.hash !== '') throw new RefusedDestinationError('The URL must not have a fragment.');
  if (policy.loopback && /^https?:$/.test(url.protocol) && isLoopbackHost(url)) return url;
  if (url.protocol !== 'https:') throw new RefusedDestinationError('The URL must start with https://.');
  // The URL parser removes the default port.
  if (url.port !== '') throw new RefusedDestinationError(`The URL must use port 443, not ${url.port}.`);
  const host = hostOf(url);
  if (isIP(host) !== 0) requireAllowed(host, url, policy);
  return url;
}

/**
 * Returns the addresses to which a request for a URL may connect.
 *
 * All addresses of the host must be public, because the connection may use any of them.
 *
 * @param signal ends the lookup
 * @throws RefusedDestinationError when the name has no address, or one that is not public
 */
export async function allowedAddresses(
  url: URL,
  policy: DestinationPolicy,
  signal: AbortSignal,
  resolve: Resolve = (hostName) => resolveAll(hostName, signal),
): Promise<readonly string[]> {
  const host = hostOf(url);
  const addresses = isIP(host) === 0 ? (policy.loopback && loopbackNames.get(host)) || (await resolve(host)) : [host];
  if (addresses.length === 0) throw new RefusedDestinationError(`The host ${host} has no address.`);
  for (const address of addresses) requireAllowed(address, url, policy);
  return addresses;
}

/** The host of a URL without the brackets of an IPv6 address. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The same text for each notation of an address. An IPv4 address in IPv6 form is the IPv4 address. */
export function canonicalAddress(address: string): string {
  return ipaddr.process(address).toString();
}

function requireAllowed(text: string, url: URL, policy: DestinationPolicy): void {
  const address = ipaddr.process(text);
  if (policy.loopback && address.range() === 'loopback') return;
  const isPublic = address.range() === 'unicast' && (!(address instanceof ipaddr.IPv6) || address.match(globalUnicast));
  const isOurs = policy.refusedRanges.some((range) => isWithin(address, range));
  if (!isPublic || isOurs) throw new RefusedDestinationError(`The address ${text} of ${hostOf(url)} is not public.`);
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, range: string): boolean {
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match(network, bits);
}

function isLoopbackHost(url: URL): boolean {
  const host = hostOf(url);
  return loopbackNames.has(host) || (isIP(host) !== 0 && ipaddr.process(host).range() === 'loopback');
}

/** Looks up IPv4 and IPv6 addresses. dns.lookup would occupy a thread that the rest of the process needs, however slow the name server is. */
async function resolveAll(hostName: string, signal: AbortSignal): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  const cancel = () => {
    resolver.cancel();
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const found = await Promise.allSettled([resolver.resolve4(hostName), resolver.resolve6(hostName)]);
    return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
