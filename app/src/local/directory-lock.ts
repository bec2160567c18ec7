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
 * Locks a directory until the lock is released or this process exits, even if it is killed.
 *
 * Each process listens on its own Unix socket in the directory, then connects to every other socket there. A socket that accepts belongs to
 * a running process, because the system closes the sockets of a process that exits. A socket that refuses is stale and is removed. Each
 * process listens before it looks, so two processes cannot miss each other; if both see each other, both retry.
 *
 * Rejected: a PID file, because process ids are reused after a reboot; `ps`, because it differs between systems; `flock`, because Node.js
 * does not offer it.
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
    // Another process may have removed this socket as stale between its creation and its first accept. Without its socket, this process
    // would not hold the lock.
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

/** The id of another running process that listens in the directory. Removes stale sockets. */
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
    const finish = (isAccepted: boolean) => {
      socket.destroy();
      resolve(isAccepted);
    };
    socket.once('connect', () => {
      finish(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      // Any other error, such as a full backlog, comes from a process that listens.
      finish(code !== 'ECONNREFUSED' && code !== 'ENOENT');
    });
  });
}

/** Changes the working directory for `work`, because the path of a Unix socket is limited to 103 bytes and an absolute path may be longer. */
function within<T>(directory: string, work: () => T): T {
  const before = process.cwd();
  process.chdir(directory);
  try {
    return work();
  } finally {
    process.chdir(before);
  }
}
