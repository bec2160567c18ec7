import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The headers of CloudFront, with the document server in `connect-src` where AWS has the bucket. */
export function securityHeaders(root: string, documentAddress: string): Record<string, string> {
  const headers = headersOf(root, 'security-headers.json');
  const policy = headers['Content-Security-Policy']?.replace(
    "connect-src 'self'",
    `connect-src 'self' ${documentAddress}`,
  );
  return { ...headers, ...(policy !== undefined && { 'Content-Security-Policy': policy }) };
}

/** Response headers from a file of the console. */
export function headersOf(root: string, file: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, 'frontend', file), 'utf8')) as Record<string, string>;
}
