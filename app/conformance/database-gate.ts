import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy to the database. While it is closed, connections break and new ones are refused. */
export class DatabaseGate {
  readonly port: number;
  /** The number of connections so far. */
  connections = 0;
  readonly #server = createServer((client) => {
    this.#pass(client);
  });
  readonly #sockets = new Set<Socket>();
  readonly #host: string;
  readonly #target: number;

  private constructor(host: string, target: number, port: number) {
    this.#host = host;
    this.#target = target;
    this.port = port;
  }

  /** Creates an open proxy on a free port of `host` to its port `target`. */
  static async before(host: string, target: number): Promise<DatabaseGate> {
    const gate = new DatabaseGate(host, target, await freePort(host));
    await gate.open();
    return gate;
  }

  async open(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen(this.port, this.#host);
    await once(this.#server, 'listening');
  }

  async shut(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #pass(client: Socket): void {
    this.connections += 1;
    const database = connect(this.#target, this.#host);
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      // The proxy breaks connections intentionally; an error on one side closes the other.
      from
        .on('error', () => undefined)
        .on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
    }
  }
}

/** Returns a free port. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
