/** The names of fields that are redacted in logs. */
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
 * Returns a copy in which the values of secret fields are redacted, down to three levels.
 *
 * Rejected: pino's redaction. It takes paths, and with wildcards it costs more than the rest of logging.
 */
export function redactSecrets(fields: object): Record<string, unknown> {
  return hide(fields, deepest) as Record<string, unknown>;
}

function hide(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (Array.isArray(value)) return value.map((item) => hide(item, depth - 1));
  // Values with toJSON serialize themselves. The error serializer handles errors.
  if (value instanceof Error || 'toJSON' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretFields.has(name) ? '[redacted]' : hide(inner, depth - 1),
    ]),
  );
}
