import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP proxy to the database. While it is closed, connections break and new ones are refused. */
export interface DatabaseGate {
  readonly port: number;
  open(): Promise<void>;
  shut(): Promise<void>;
  /** All bytes that were sent to the database. */
  sent(): string;
}

/** Creates a closed proxy to a local port. */
export async function createDatabaseGate(target: number): Promise<DatabaseGate> {
  const sockets = new Set<Socket>();
  const sent: Buffer[] = [];
  const server = createServer((client) => {
    const database = connect(target, '127.0.0.1');
    for (const socket of [client, database]) {
      sockets.add(socket);
      // The proxy breaks connections intentionally.
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.on('data', (bytes) => sent.push(bytes));
    client.pipe(database).pipe(client);
  });
  const open = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  const shut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await open(0);
  const { port } = server.address() as { port: number };
  await shut();
  onTestFinished(async () => {
    if (server.listening) await shut();
  });
  return { port, open: () => open(port), shut, sent: () => Buffer.concat(sent).toString('latin1') };
}
