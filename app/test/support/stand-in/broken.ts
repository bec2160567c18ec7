/** The faults of the stand-in, by the clause of CONTAINER-CONTRACT.md that they violate. */
export const breaks = {
  1: ['ignores PORT', 'ends at once'],
  2: ['listens on one address'],
  3: ['names no variable', 'ends with 0 in a wrong environment', 'works in any environment'],
  4: ['any version of TLS'],
  5: ['the same key at each start'],
  6: ['serves plain HTTP'],
  7: ['health needs a key'],
  8: ['health asks the database'],
  9: ['always ready'],
  10: ['health check is always content', 'health check is never content'],
  11: ['another database'],
  13: ['migrations fail', 'migrations need no environment'],
  14: ['returns another correlation id'],
  15: ['makes no correlation id'],
  16: ['refuses with plain JSON', 'serves whatever is asked'],
  17: ['shows stack traces'],
  18: ['drops requests in flight'],
  19: ['accepts connections to the end'],
  20: ['ends with 143', 'never ends'],
  21: ['logs plain text', 'logs no time', 'logs levels in upper case'],
  22: ['logs no correlation id'],
  23: ['logs credentials', 'logs cookies', 'logs addresses'],
  24: ['writes no metrics'],
  25: ['needs root'],
  26: ['writes to TMPDIR', 'writes to HOME', 'writes beside itself'],
} as const;

export type Break = (typeof breaks)[keyof typeof breaks][number];

/** Whether the environment variable `BROKEN` selects this fault. */
export function broken(what: Break): boolean {
  return process.env['BROKEN'] === what;
}
