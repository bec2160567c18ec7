import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The folder with the built console; builds it when it is missing or older than its sources. */
export function builtSite(root: string, log: (line: string) => void): string {
  const frontend = join(root, 'frontend');
  const site = join(frontend, 'dist');
  const page = join(site, 'index.html');
  if (existsSync(page) && statSync(page).mtimeMs >= newest(frontend)) return site;
  log('building the merchant console …');
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'build', '--workspace', 'frontend'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(
      `The merchant console could not be built; run 'npm run build --workspace frontend'.\n${stdout}${stderr}`,
    );
  return site;
}

function newest(frontend: string): number {
  const sources = ['src', 'public'].filter((folder) => existsSync(join(frontend, folder)));
  const files = sources.flatMap((folder) =>
    readdirSync(join(frontend, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(frontend, folder, file),
    ),
  );
  return Math.max(
    ...[...files, ...['index.html', 'package.json', '../app/currencies.json'].map((file) => join(frontend, file))]
      .filter(existsSync)
      .map((file) => statSync(file).mtimeMs),
  );
}
