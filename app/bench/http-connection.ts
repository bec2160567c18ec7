import { connect, type Socket } from 'node:net';

/** The parts of a response that a load generator reads. */
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
 * A keep-alive connection for one request at a time. It parses only the parts of HTTP that the API's responses use (a status, a
 * Content-Length), because the generator shares the CPU with the API.
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

  /** Without a local port, which the kernel chooses at connect: choosing it at bind takes milliseconds among thousands of sockets. */
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

  /** Whether the API has closed it, as it does after 15 seconds without a first request. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Sends a request and resolves with the response. @throws when the connection closes first */
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
