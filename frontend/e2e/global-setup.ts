import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const repository = join(import.meta.dirname, '..', '..');

/** Starts the local platform on a free port with a database of its own, and tells the tests its address, key and password of the persons. */
export default async function setup(): Promise<() => Promise<void>> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'payment-platform-e2e-'));
  // The database runs under an account of its own when root runs the tests.
  chmodSync(dataDirectory, 0o755);
  const start = join(repository, 'app', 'src', 'local', 'start.ts');
  const platform = spawn(
    process.execPath,
    ['--import', 'tsx', start, '--port', '0', '--data-directory', dataDirectory, '--empty'],
    {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) =>
    platform.once('exit', () => {
      resolve();
    }),
  );
  const ready = (async () => {
    for await (const line of createInterface(platform.stdout)) {
      const [, name, value = ''] = /^(ready|API key:|Persons .*: password) (\S+)/.exec(line) ?? [];
      if (name === 'ready') process.env['CONSOLE_URL'] = value;
      else if (name === 'API key:') process.env['CONSOLE_API_KEY'] = value;
      else if (name !== undefined) {
        process.env['CONSOLE_PERSON_PASSWORD'] = value;
        return;
      }
    }
    throw new Error('The local platform ended before it was ready.');
  })();
  await ready;
  // What it prints from now on must not fill the pipe.
  platform.stdout.resume();
  return async () => {
    platform.kill('SIGINT');
    await ended;
    rmSync(dataDirectory, { recursive: true, force: true });
  };
}
