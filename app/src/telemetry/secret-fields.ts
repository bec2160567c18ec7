/** Fields that never reach a log, wherever an object that holds them is logged. */
const secretFields = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'connectionString',
  'apiKey',
  'token',
  'paymentToken',
  'body',
]);
const deepest = 3;

/**
 * The same fields without their secrets, at the top and two levels below.
 *
 * pino's own redaction takes paths, and with wildcards among them it spends more on each line than everything else that writes it.
 */
export function withoutSecrets(fields: object): Record<string, unknown> {
  return hide(fields, deepest) as Record<string, unknown>;
}

function hide(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (Array.isArray(value)) return value.map((item) => hide(item, depth - 1));
  // Dates, buffers and the like say themselves how they are written; an error's own fields are read as it is written.
  if (value instanceof Error || 'toJSON' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretFields.has(name) ? '[redacted]' : hide(inner, depth - 1),
    ]),
  );
}
