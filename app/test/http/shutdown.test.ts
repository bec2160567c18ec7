import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startPlatform } from '../support/platform.ts';

const request = 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** Sends a request and returns its response, whose connection stays open. */
async function ask(socket: Socket): Promise<string> {
  const answered = once(socket, 'data') as Promise<[Buffer]>;
  socket.write(request);
  return (await answered)[0].toString();
}

test('a request that was sent before the shutdown is served, and ends its connection', async () => {
  const platform = await startPlatform();
  onTestFinished(() => platform.database.drop());
  await platform.app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((platform.app.server.address() as AddressInfo).port, '127.0.0.1');
  expect(await ask(socket)).toMatch(/^HTTP\/1\.1 200 .*connection: keep-alive/is);

  // The bytes are in the server's socket, but the server has not read them yet: the connection counts as idle.
  const answered = ask(socket);
  const closed = platform.app.close();
  expect(await answered).toMatch(/^HTTP\/1\.1 200 .*connection: close/is);
  await once(socket, 'close');
  await closed;
});
