import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dayMilliseconds = 24 * 3600 * 1000;
const folder = mkdtempSync(join(tmpdir(), 'client-authorities-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

/** Key and signature: `ecdsa-p256` and `ed25519` say both; RSA keys name their bits and, unless it is SHA-256, their hash. */
export type KeyKind = 'ecdsa-p256' | 'rsa-1024' | 'rsa-2048-sha1' | 'ed25519';

/** Fields of a certificate. By default, it is a valid certificate authority. */
export interface CertificateRequest {
  readonly commonName?: string;
  /** Common name of the issuer. The certificate is self-signed anyway. @default - the subject itself */
  readonly issuer?: string;
  readonly isAuthority?: boolean;
  readonly key?: KeyKind;
  /** ISO 8601. */
  readonly from?: string;
  /** ISO 8601. */
  readonly until?: string;
}

/** Certificates as PEM; their keys are forgotten. */
export function certificates(requests: readonly CertificateRequest[]): string[] {
  const from = new Date(Date.now() - dayMilliseconds).toISOString();
  const until = new Date(Date.now() + 365 * dayMilliseconds).toISOString();
  const complete = requests.map((request) => {
    const commonName = request.commonName ?? 'Client authority';
    return { issuer: commonName, isAuthority: true, key: 'ecdsa-p256', from, until, ...request, commonName };
  });
  const script = join(__dirname, 'issue-certificate.ts');
  const args = ['--import', 'tsx', script, JSON.stringify(complete)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as string[];
}

/** One certificate as PEM; its key is forgotten. */
export function certificate(request: CertificateRequest = {}): string {
  const [pem = ''] = certificates([request]);
  return pem;
}

let files = 0;

/** The path of a file with this content, which is gone when the process is. */
export function truststoreFile(content: string): string {
  const path = join(folder, `${++files}.pem`);
  writeFileSync(path, content);
  return path;
}

let authorities: string | undefined;

/** The path of a bundle with one authority, as `-c truststorePath=` takes it. */
export function clientAuthorities(): string {
  return (authorities ??= truststoreFile(certificate()));
}
