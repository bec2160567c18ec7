import { connect, type Socket } from 'node:net';

/** The answer to a request, as far as a load generator looks at it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** `Retry-After`, in seconds. */
  readonly retryAfterSeconds: number | undefined;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A keep-alive connection that carries one request at a time. It reads no more of HTTP than the API's answers need (a status, a
 * Content-Length), because whatever the generator spends is taken from the machine that it measures.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #pending: Pending | undefined;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#take(chunk);
    });
    socket.on('close', () => {
      this.#closed = true;
      this.#fail(new Error('The API closed the connection.'));
    });
    socket.on('error', (error) => {
      this.#fail(error);
    });
  }

  /** The kernel chooses the port when it connects: to have it chosen before, for an address, takes milliseconds among thousands. */
  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new HttpConnection(socket));
      });
    });
  }

  /** Whether the API has closed it, as it does with a connection that has asked for nothing in its first 15 seconds. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Sends a request, and resolves with its answer. @throws when the connection ends first */
  send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#pending = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? '0');
    const end = headEnd + 4 + length;
    if (this.#received.length < end) return;
    const retryAfter = /\r\nretry-after: (\d+)/i.exec(head)?.[1];
    const answer = {
      status: Number(head.slice(9, 12)),
      body: this.#received.toString('utf8', headEnd + 4, end),
      retryAfterSeconds: retryAfter === undefined ? undefined : Number(retryAfter),
    };
    this.#received = this.#received.subarray(end);
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.resolve(answer);
  }

  #fail(error: Error): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(error);
  }
}
