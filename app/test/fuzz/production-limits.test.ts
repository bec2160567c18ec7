import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { ask, serverEnvironment, startServer } from '../support/server-process.ts';
import { expectRawProblem, openRaw, type RawConnection } from './raw-connection.ts';

/* The process as deployed: with TLS and default limits. */

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const head = 'POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

/** `once` of node:events would reject when the server resets the connection while the client still writes. */
const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

/** Sends small pieces until the server closes the connection. */
async function trickle({ socket }: RawConnection, first: string, again: string): Promise<void> {
  socket.write(first);
  const timer = setInterval(() => socket.write(again), 200);
  await closed(socket);
  clearInterval(timer);
}

/** Retries 503 responses, because the machine may be busy with other tests. */
const isServed = (url: string) =>
  eventually('an honest client is served', async () => (await ask(`${url}/ready`)).statusCode === 200);

test('slow clients and those without a TLS handshake are disconnected, while others are served', async () => {
  const { url } = await startServer(serverEnvironment(database));
  const { port } = new URL(url);
  const headers = openRaw(url);
  const silent = connect({ host: '127.0.0.1', port: Number(port) }).on('error', () => undefined);
  const cutOff = Promise.all([trickle(headers, head, 'X-Slow: 1\r\n'), closed(silent)]);
  await isServed(url);
  await cutOff;
  expectRawProblem(headers.received(), 408, 'request-timeout');
  await isServed(url);
});

test('many concurrent endless bodies are rejected without buffering them', async () => {
  const { process, url } = await startServer(serverEnvironment(database));
  const memoryKiB = () =>
    Number(execFileSync('ps', ['-o', 'rss=', '-p', String(process.pid)], { encoding: 'utf8' }).trim());
  const before = memoryKiB();
  const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
  const connections = Array.from({ length: 20 }, () => openRaw(url));
  for (const { socket } of connections) {
    const send = () => {
      while (!socket.destroyed && socket.bytesWritten < 64 * 1024 * 1024 && socket.write(chunk));
    };
    socket.on('drain', send);
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    send();
  }
  let most = before;
  // 503 where the machine is busy with other tests.
  const refused = () => process.output.filter((line) => /"statusCode":(413|503)/.test(line)).length;
  await eventually('each is refused and logged', () => {
    most = Math.max(most, memoryKiB());
    return refused() === connections.length;
  });
  for (const { socket } of connections) socket.destroy();
  // The bodies would have had 1.2 GB.
  expect(most - before).toBeLessThan(200 * 1024);
  await isServed(url);
});
