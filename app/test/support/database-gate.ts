import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to the database that can be shut: then connections break, and new ones are refused. */
export interface DatabaseGate {
  readonly port: number;
  open(): Promise<void>;
  shut(): Promise<void>;
  /** All that went through it to the database so far. */
  sent(): string;
}

/** A gate in front of a port of this machine, shut at first. */
export async function createDatabaseGate(target: number): Promise<DatabaseGate> {
  const sockets = new Set<Socket>();
  const sent: Buffer[] = [];
  const server = createServer((client) => {
    const database = connect(target, '127.0.0.1');
    for (const socket of [client, database]) {
      sockets.add(socket);
      // Breaking is what a gate is for.
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
