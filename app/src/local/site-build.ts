import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the directory of the built console. Builds it if it is missing or older than its sources. */
export function buildSite(root: string, log: (line: string) => void): string {
  const frontend = join(root, 'frontend');
  const site = join(frontend, 'dist');
  const page = join(site, 'index.html');
  if (existsSync(page) && statSync(page).mtimeMs >= newest(frontend)) return site;
  const remedy = `Run 'npm run build --workspace frontend' in another checkout and copy its frontend/dist here.`;
  if (/[#?]/.test(root)) {
    throw new Error(
      `The merchant console is not built, and Vite cannot build in ${root} because the path contains # or ?. ${remedy}`,
    );
  }
  if (!isWritable(existsSync(site) ? site : frontend)) {
    throw new Error(`The merchant console is not built, and ${site} is not writable. ${remedy}`);
  }
  log('building the merchant console …');
  const { status, stdout, stderr, error } = spawnSync('npm', ['run', 'build', '--workspace', 'frontend'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (error)
    throw new Error(`The merchant console cannot be built: npm did not start (${error.message}). Add npm to the PATH.`);
  if (status !== 0)
    throw new Error(
      `The build of the merchant console failed. Run 'npm run build --workspace frontend'.\n${stdout}${stderr}`,
    );
  return site;
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function newest(frontend: string): number {
  const sources = ['src', 'public'].filter((folder) => existsSync(join(frontend, folder)));
  const files = sources.flatMap((folder) =>
    readdirSync(join(frontend, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(frontend, folder, file),
    ),
  );
  return Math.max(
    ...[
      ...files,
      ...[
        'index.html',
        'reference.html',
        'package.json',
        '../app/currencies.json',
        '../app/src/problems.ts',
        '../app/src/problem-explanations.ts',
      ].map((file) => join(frontend, file)),
    ]
      .filter(existsSync)
      .map((file) => statSync(file).mtimeMs),
  );
}
