import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const stopMilliseconds = 10_000;
const answerMilliseconds = 5_000;

/**
 * Ends the PostgreSQL that a killed process has left running on a data directory. Without one, it does nothing.
 *
 * The caller holds the lock of the directory, so no living process of the platform uses the server. The server is recognized by its
 * answer, not by its name or id: it accepts the password of this directory and says that it works on it.
 *
 * @param directory holds `data` and `password`
 * @throws when the server does not end
 */
export async function stopLeftoverPostgres(directory: string): Promise<void> {
  const data = join(directory, 'data');
  const pidFile = join(data, 'postmaster.pid');
  const password = join(directory, 'password');
  if (!existsSync(pidFile) || !existsSync(password)) return;
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  // PostgreSQL itself removes the file of a server that has ended.
  if (!isAlive(pid)) return;
  if (await answersFor(realpathSync(data), port, readFileSync(password, 'utf8'))) {
    process.kill(pid, 'SIGINT');
    const end = Date.now() + stopMilliseconds;
    // It removes its file as the last thing. Its id may stay for long in a container whose first process collects no children.
    const runs = () => existsSync(pidFile) && isAlive(pid);
    while (runs() && Date.now() < end) await sleep(20);
    if (runs())
      throw new Error(
        `PostgreSQL of an earlier run (process ${pid}) did not stop within ${stopMilliseconds / 1000} seconds. Run 'kill -9 ${pid}'.`,
      );
    return;
  }
  // The id belongs to another process now, such as after a reboot, and PostgreSQL would take that process for a server. It knows that its
  // parent is none. The rest of the file stays: with it, PostgreSQL checks whether processes of that server still use its memory.
  writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
}

/** Whether a process with this id runs and is of this user, or this user is root. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Whether a server at this port works on `data`. One that is starting or busy gets some time to answer. */
async function answersFor(data: string, port: number, password: string): Promise<boolean> {
  const end = Date.now() + answerMilliseconds;
  for (;;) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password,
      database: 'postgres',
      connectionTimeoutMillis: 1_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
      return rows[0]?.data_directory !== undefined && realpathSync(rows[0].data_directory) === data;
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      // 57P03: it starts or ends. A server that never answers is not known to be another one.
      const mayAnswer = code === '57P03' || code === '53300' || message.includes('timeout');
      if (!mayAnswer) return false;
      if (Date.now() > end)
        throw new Error(
          `PostgreSQL of an earlier run on 127.0.0.1:${port} does not respond (${message}). Stop it, then start again.`,
          { cause: error },
        );
      await sleep(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
