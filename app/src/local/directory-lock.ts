import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const namePattern = /^lock-(\d+)-[0-9a-f]{8}$/;
const attempts = 5;

/** A lock on a directory, held by this process. */
export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Locks a directory for this process until it releases the lock or ends, however it ends.
 *
 * Each process listens on a socket of its own in the directory, and then connects to every other socket there. One that accepts belongs to
 * a living process: the system closes the sockets of a process that ends. One that refuses is left over, and its name is never used
 * again. Because each process listens before it looks, two of them cannot both see nobody; both may see each other, and try again.
 *
 * A process id in a file would name another process after a reboot; names of processes and `ps` differ between systems; Node.js has no
 * `flock`.
 *
 * @throws when another process holds the lock, with its process id
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  for (let attempt = 1; ; attempt += 1) {
    const name = `lock-${process.pid}-${randomBytes(4).toString('hex')}`;
    const server = await listen(directory, name);
    const release = async () => {
      await new Promise((resolve) => server.close(resolve));
      rmSync(join(directory, name), { force: true });
    };
    // Another process may have found the socket between its creation and the first moment at which it accepts, and removed it as a
    // leftover: without it, this process would be invisible.
    const holder = await otherHolder(directory, name);
    if (holder === undefined && existsSync(join(directory, name))) return { release };
    await release();
    if (attempt === attempts)
      throw new Error(
        `${directory} is in use by process ${holder ?? 'unknown'}. Stop that process, or choose another directory with --data-directory.`,
      );
    await sleep(randomInt(20, 200));
  }
}

/** The process id of another living process that listens in the directory; leftover sockets are removed. */
async function otherHolder(directory: string, ownName: string): Promise<string | undefined> {
  for (const name of readdirSync(directory)) {
    const [, pid] = namePattern.exec(name) ?? [];
    if (pid === undefined || name === ownName) continue;
    if (await accepts(directory, name)) return pid;
    rmSync(join(directory, name), { force: true });
  }
  return undefined;
}

async function listen(directory: string, name: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    within(directory, () => server.listen(name, resolve));
  });
  return server;
}

function accepts(directory: string, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = within(directory, () => connect(name));
    const answer = (living: boolean) => {
      socket.destroy();
      resolve(living);
    };
    socket.once('connect', () => {
      answer(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      // Any other refusal, such as a full queue, comes from a process that listens.
      answer(code !== 'ECONNREFUSED' && code !== 'ENOENT');
    });
  });
}

/** Sockets have paths of 103 bytes at most, and directories longer ones: so it is a path relative to the directory. */
function within<T>(directory: string, work: () => T): T {
  const before = process.cwd();
  process.chdir(directory);
  try {
    return work();
  } finally {
    process.chdir(before);
  }
}
