import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the SQL files are: beside the bundle in the image and in a function, two folders up among the sources. */
export function migrationDirectory(): string {
  const here = import.meta.dirname;
  const bundled = join(here, 'migrations');
  return existsSync(bundled) ? bundled : join(here, '..', '..', 'migrations');
}
