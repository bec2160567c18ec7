import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A TCP proxy that injects network faults. It never alters data. */
export class TcpProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #targetPort: () => number;
  #latencyMilliseconds = 0;
  #refusing = false;
  #vanished = false;
  /** Pending while the proxy is stalled. */
  #open = Promise.resolve();

  private constructor(targetPort: () => number) {
    this.#targetPort = targetPort;
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      this.#accept(client);
    });
  }

  /** Listens on a free port. It calls `targetPort` for each connection. */
  static async start(targetPort: () => number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resets every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** While `refusing`, resets all current and new connections. */
  refuse(refusing: boolean): void {
    this.#refusing = refusing;
    if (refusing) this.cut();
  }

  /** Delays each chunk. */
  delay(milliseconds: number): void {
    this.#latencyMilliseconds = milliseconds;
  }

  /** Holds all data for a while without closing connections, then forwards it in order. */
  async stall(milliseconds: number): Promise<void> {
    const over = sleep(milliseconds);
    this.#open = this.#open.then(() => over);
    await over;
  }

  /** Simulates a power failure of the client: the server does not notice the end of the connection. */
  vanish(): void {
    this.#vanished = true;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    if (this.#refusing) {
      client.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const server = connect({ host: '127.0.0.1', port: this.#targetPort(), allowHalfOpen: true });
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    this.#carry(client, server, () => this.#vanished);
    this.#carry(server, client, () => false);
  }

  #carry(from: Socket, to: Socket, silenced: () => boolean): void {
    let last = Promise.resolve();
    const inOrder = (pass: () => void) => {
      last = last
        .then(() => (this.#latencyMilliseconds > 0 ? sleep(this.#latencyMilliseconds) : undefined))
        .then(() => this.#open)
        .then(() => {
          if (!silenced()) pass();
        });
    };
    from.on('data', (piece) => {
      inOrder(() => void to.write(piece));
    });
    from.on('end', () => {
      inOrder(() => void to.end());
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      inOrder(() => void to.destroy());
    });
  }
}
