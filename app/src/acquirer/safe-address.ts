import { isLoopback } from '../loopback.ts';

/** Whether text is the URL of a page or service that only TLS or loopback connections reach: `https:`, or `http:` on loopback, without credentials. */
export function isSafeAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  const encrypted = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return encrypted && username === '' && password === '';
}
