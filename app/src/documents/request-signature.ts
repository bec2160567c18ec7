import { createHmac, timingSafeEqual } from 'node:crypto';

/** The parts of a request that the signature of the local document store covers. */
export interface SignedFields {
  readonly method: string;
  readonly key: string;
  /** Seconds since 1970. */
  readonly expires: number;
  /** The headers of an upload, or the response headers of a download, in any order. */
  readonly values: Readonly<Record<string, string>>;
}

/** Returns the HMAC-SHA256 of the fields, hexadecimal. */
export function sign(secret: Buffer, { method, key, expires, values }: SignedFields): string {
  const sorted = Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHmac('sha256', secret)
    .update(JSON.stringify([method, key, expires, sorted]))
    .digest('hex');
}

/** Verifies a signature in constant time. */
export function isValidSignature(secret: Buffer, fields: SignedFields, signature: string): boolean {
  const expected = Buffer.from(sign(secret, fields));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
