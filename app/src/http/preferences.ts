import type { FastifyRequest } from 'fastify';

/** Whether the client would rather be answered at once than with the outcome: `Prefer: respond-async` (RFC 7240, 4.1). */
export function prefersAsync({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  // A quoted value may hold anything, commas and escaped quotes too.
  const unquoted = String(headers['prefer'] ?? '')
    .replaceAll(/\\./g, '')
    .replaceAll(/"[^"]*"/g, '""');
  return unquoted.split(',').some((preference) => /^\s*respond-async\s*(?:;|$)/i.test(preference));
}
