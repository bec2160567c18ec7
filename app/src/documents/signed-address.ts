import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signature of the local document store covers: everything by which one request differs from another. */
export interface SignedFields {
  readonly method: string;
  readonly key: string;
  /** Seconds since 1970. */
  readonly expires: number;
  /** Headers of an upload, or what a download shall say of itself; in any order. */
  readonly values: Readonly<Record<string, string>>;
}

/** The signature of these fields, hexadecimal. */
export function signatureOf(secret: Buffer, { method, key, expires, values }: SignedFields): string {
  const sorted = Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHmac('sha256', secret)
    .update(JSON.stringify([method, key, expires, sorted]))
    .digest('hex');
}

/** Whether `signature` is that of these fields, found out in the same time whatever it is. */
export function isSigned(secret: Buffer, fields: SignedFields, signature: string): boolean {
  const expected = Buffer.from(signatureOf(secret, fields));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
