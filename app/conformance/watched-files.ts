import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A snapshot of directories. */
export type FileListing = ReadonlyMap<string, string>;

/** Lists files and directories recursively, without following symbolic links. */
export async function listFiles(directories: readonly string[]): Promise<FileListing> {
  const found = new Map<string, string>();
  const queue = [...directories];
  for (let directory = queue.pop(); directory !== undefined; directory = queue.pop()) {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        found.set(path, 'directory');
        queue.push(path);
      } else {
        const { size, mtimeMs } = await lstat(path);
        found.set(path, `${size} bytes of ${mtimeMs}`);
      }
    }
  }
  return found;
}

/** Returns the paths that were created, changed or removed between two snapshots. */
export function differences(before: FileListing, after: FileListing): string[] {
  const written = [...after].filter(([path, state]) => before.get(path) !== state).map(([path]) => path);
  const removed = [...before.keys()].filter((path) => !after.has(path)).map((path) => `${path} (removed)`);
  return [...written, ...removed].sort();
}
