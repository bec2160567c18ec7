import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'overrides-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;

/** Context in which the profile differs by `patch`, through a file as `-c config=FILE` reads it. */
export function overrides(patch: object): { config: string } {
  const config = join(folder, `${++files}.json`);
  writeFileSync(config, JSON.stringify(patch));
  return { config };
}
