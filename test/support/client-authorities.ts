import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dayMilliseconds = 24 * 3600 * 1000;
const folder = mkdtempSync(join(tmpdir(), 'client-authorities-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a certificate says; the rest is that of an authority which is valid today. */
export interface CertificateRequest {
  readonly commonName?: string;
  readonly isAuthority?: boolean;
  /** ISO 8601. */
  readonly from?: string;
  /** ISO 8601. */
  readonly until?: string;
}

/** A certificate as PEM; its key is forgotten. */
export function certificate(request: CertificateRequest = {}): string {
  const from = new Date(Date.now() - dayMilliseconds).toISOString();
  const until = new Date(Date.now() + 365 * dayMilliseconds).toISOString();
  const complete = { commonName: 'Client authority', isAuthority: true, from, until, ...request };
  const script = join(__dirname, 'issue-certificate.ts');
  return execFileSync(process.execPath, ['--import', 'tsx', script, JSON.stringify(complete)], { encoding: 'utf8' });
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
