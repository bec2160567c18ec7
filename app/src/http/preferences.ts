import type { FastifyRequest } from 'fastify';

/** Whether the request has `Prefer: respond-async` (RFC 7240, section 4.1). */
export function prefersAsync({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  // A quoted value may contain commas and escaped quotes.
  const unquoted = String(headers['prefer'] ?? '')
    .replaceAll(/\\./g, '')
    .replaceAll(/"[^"]*"/g, '""');
  return unquoted.split(',').some((preference) => /^\s*respond-async\s*(?:;|$)/i.test(preference));
}
