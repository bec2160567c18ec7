import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether the file that a build writes last is missing or older than a source.
 *
 * @param sources files and directories; those that do not exist are ignored
 */
export function isStale(output: string, sources: readonly string[]): boolean {
  return !existsSync(output) || statSync(output).mtimeMs < Math.max(...sources.flatMap(modificationTimes));
}

/** A directory's own time changes with a file that is added or removed. */
function modificationTimes(path: string): number[] {
  if (!existsSync(path)) return [];
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return [mtimeMs];
  const entries = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return [mtimeMs, ...entries.map((entry) => statSync(join(path, entry)).mtimeMs)];
}

/** Whether this user may write into a directory, or create it. */
export function isWritable(directory: string): boolean {
  try {
    accessSync(existsSync(directory) ? directory : join(directory, '..'), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
