import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';

/** Makes sure that a key file exists, readable by its owner alone, and returns its path. */
export function keyFile(file: string, generate: () => string): string {
  if (!existsSync(file)) writeFileSync(file, generate(), { mode: 0o600 });
  chmodSync(file, 0o600);
  return file;
}

/** 256 random bits for a file of a key. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}
