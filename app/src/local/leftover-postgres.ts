import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const stopMilliseconds = 10_000;
const answerMilliseconds = 5_000;

/**
 * Stops a PostgreSQL server that a killed process has left running on a data directory. Does nothing if there is none.
 *
 * The caller must hold the lock of the directory, so no running platform uses the server. The server is identified by its response, not by
 * its name or process id: it accepts the password of this directory, and its `data_directory` is this directory.
 *
 * @param directory contains `data` and `password`
 * @throws when the server does not stop
 */
export async function stopLeftoverPostgres(directory: string): Promise<void> {
  const data = join(directory, 'data');
  const pidFile = join(data, 'postmaster.pid');
  const password = join(directory, 'password');
  if (!existsSync(pidFile) || !existsSync(password)) return;
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  // PostgreSQL replaces the PID file of a server that no longer runs.
  if (!isAlive(pid)) return;
  if (await answersFor(realpathSync(data), port, readFileSync(password, 'utf8'))) {
    process.kill(pid, 'SIGINT');
    const end = Date.now() + stopMilliseconds;
    // Removing the PID file is its last step. In a container whose first process reaps no children, the process id stays alive as a zombie.
    const runs = () => existsSync(pidFile) && isAlive(pid);
    while (runs() && Date.now() < end) await sleep(20);
    if (runs())
      throw new Error(
        `PostgreSQL of an earlier run (process ${pid}) did not stop within ${stopMilliseconds / 1000} seconds. Run 'kill -9 ${pid}'.`,
      );
    return;
  }
  // The process id now belongs to another process, such as after a reboot, and PostgreSQL would refuse to start. It ignores the id of its
  // parent, so write that one. Keep the rest: PostgreSQL reads the shared memory key from it.
  writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
}

/** Whether a process with this id exists and this user may signal it. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Whether the server on this port uses the data directory `data`. Retries while the server starts, stops or has no free connection. */
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
      // 57P03: cannot_connect_now. 53300: too_many_connections.
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
