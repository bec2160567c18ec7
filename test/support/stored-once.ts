import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const variable = 'SYNTHESIZED_TEMPLATES';

/** Creates the folder of one run of Jest. Workers inherit its name in their environment. */
export function openStore(): void {
  process.env[variable] = mkdtempSync(join(tmpdir(), 'synthesized-'));
}

/** Removes the folder. */
export function closeStore(): void {
  const folder = process.env[variable];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

/**
 * Returns what `make` returns for a context, as JSON. The first test file of a run that needs it stores it for the others in a file, because
 * Jest loads all modules anew for each test file.
 */
export function storedOnce<T>(context: Readonly<Record<string, unknown>>, make: () => T): T {
  const folder = process.env[variable];
  if (folder === undefined) return make();
  const path = join(folder, `${keyOf(context)}.json`);
  if (!existsSync(path)) {
    // Two workers may write the same context. A rename never shows them half a file.
    const own = `${path}.${process.pid}`;
    writeFileSync(own, JSON.stringify(make()));
    renameSync(own, path);
  }
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** Names of configuration files differ between test files, so the key contains their content. */
function keyOf(context: Readonly<Record<string, unknown>>): string {
  const { config, ...others } = context;
  const content = typeof config === 'string' ? readFileSync(config, 'utf8') : null;
  const sorted = Object.entries(others).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([content, sorted]))
    .digest('hex');
}
