import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';
import { ask, serverEnvironment, startServer } from '../support/server-process.ts';
import { expectRawProblem, openRaw } from './raw-connection.ts';

let platform: TestPlatform;
let url: string;
beforeAll(async () => {
  const requestTimeouts = { headersMilliseconds: 400, requestMilliseconds: 800, checkMilliseconds: 100 };
  platform = await startPlatform({ requestTimeouts });
  url = await platform.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => platform.close());

const head = 'POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const levelOf = (line: string) => (JSON.parse(line) as { level: number }).level;
const statusOf = (line: string) => (JSON.parse(line) as { statusCode?: number }).statusCode ?? 0;

describe('a client that sends slowly', () => {
  test.each([
    ['headers', head, 'X-Slow: 1\r\n'],
    ['a body', `${head}Content-Length: 60000\r\n\r\n`, ' '],
    ['chunks', `${head}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
  ])('is disconnected during %s, although it keeps sending', async (_what, first, trickle) => {
    const connection = openRaw(url);
    connection.socket.write(first);
    const timer = setInterval(() => connection.socket.write(trickle), 20);
    await connection.closed().finally(() => {
      clearInterval(timer);
    });
    expectRawProblem(connection.received(), 408, 'request-timeout');
  });

  test('has the default timeouts', async () => {
    const other = await startPlatform();
    const { headersTimeout, requestTimeout, timeout } = other.app.server;
    await other.close();
    expect({ headersTimeout, requestTimeout, timeout }).toEqual({
      headersTimeout: 15_000,
      requestTimeout: 30_000,
      timeout: 120_000,
    });
  });
});

test('a client that disconnects during its body causes no error', async () => {
  const first = platform.log.length;
  const { socket } = openRaw(url);
  socket.end(`${head}Content-Length: 1000\r\n\r\n{`);
  const lines = () => platform.log.slice(first);
  await eventually('the API notices', () => lines().some((line) => line.includes('HPE_INVALID_EOF_STATE')));
  expect(lines().filter((line) => statusOf(line) >= 500 || levelOf(line) >= 50)).toEqual([]);
});

test('the process rejects oversized and malformed requests and keeps running', async () => {
  const { process, url: address } = await startServer(serverEnvironment(platform.database));
  const answerTo = async (text: string): Promise<string> => {
    const connection = openRaw(address);
    connection.socket.write(text);
    await eventually('the server answers', () => connection.received().includes('}'));
    connection.socket.destroy();
    // On a busy machine, the API may return 503 just after its start.
    return connection.received().startsWith('HTTP/1.1 503') ? answerTo(text) : connection.received();
  };
  expectRawProblem(await answerTo(`${head}X-Large: ${'x'.repeat(17_000)}\r\n\r\n`), 431, 'headers-too-large');
  for (const text of [
    '\u0000\u0001\r\n\r\n',
    'GET / HTTP/9\r\n\r\n',
    `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
  ])
    expectRawProblem(await answerTo(text), 400, 'malformed-request');
  // The body is announced, but never sent.
  expectRawProblem(await answerTo(`${head}Content-Length: 1000000000\r\n\r\n`), 413, 'payload-too-large');

  const endless = openRaw(address);
  const { socket } = endless;
  const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
  socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
  const send = () => {
    while (!socket.destroyed && socket.bytesWritten < 512 * 1024 * 1024 && socket.write(chunk));
  };
  socket.on('drain', send);
  send();
  await endless.closed();
  // A client that still sends may lose the response, because closing with unread bytes resets the connection.
  const refused = () => process.output.filter((line) => line.includes('"statusCode":413')).length;
  await eventually('both large bodies are refused', () => refused() === 2);
  // Not more than the socket buffers of both ends.
  expect(socket.bytesWritten).toBeLessThan(64 * 1024 * 1024);

  expect((await ask(`${address}/health`)).statusCode).toBe(200);
  const levels = process.output.filter((line) => line.startsWith('{"level":')).map(levelOf);
  expect(levels.length).toBeGreaterThan(0);
  expect(levels.filter((level) => level >= 50)).toEqual([]);
});

test('rejected requests leak no memory', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const kept = () => {
    collect();
    const { heapUsed, external } = globalThis.process.memoryUsage();
    return heapUsed + external;
  };
  const refuse = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      const text = `${index}`.padEnd(32_000, 'x');
      const response = await platform.post(
        '/payments',
        { description: text },
        { 'x-correlation-id': `memory-${index}` },
      );
      expectProblem(response, 400, 'validation-failed');
    }
  };
  await refuse(200);
  const before = kept();
  await refuse(1000);
  // The bodies had 32 MB.
  expect(kept() - before).toBeLessThan(12 * 1024 * 1024);
});
