import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/*
 * A receiver of webhooks, as a process of its own. The path of a webhook says what it does. PUT /secrets sets the secrets with which it
 * verifies signatures; GET /received returns what it received.
 */

interface Received {
  readonly path: string;
  readonly id: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  /** Whether the package's verifier accepted the signature with each secret. */
  readonly verified: readonly boolean[];
  readonly status: number;
}

let secrets: readonly string[] = [];
const received: Received[] = [];

const behaviours: Readonly<Record<string, (response: ServerResponse, request: IncomingMessage) => void>> = {
  '/accept': (response) => response.end('thanks'),
  '/fail': (response) => response.writeHead(500).end('out of order\u0000\u001b[31m'),
  '/gone': (response) => response.writeHead(410).end(),
  '/metadata': (response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
  '/hang': () => undefined,
  '/cut': (response) => response.destroy(),
  '/large': (response) => response.end('x'.repeat(10_000_000)),
  '/endless': (response) => {
    response.write('y');
    const drip = setInterval(() => response.write('y'), 20);
    response.once('close', () => {
      clearInterval(drip);
    });
  },
  '/slow': (response) => setTimeout(() => response.end('late'), 300),
  '/switch': ({ socket }) =>
    socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: nothing\r\n\r\n'),
  '/continue': ({ socket }) => {
    const more = setInterval(() => socket?.write('HTTP/1.1 102 Processing\r\n\r\n'), 20);
    socket?.once('close', () => {
      clearInterval(more);
    });
  },
  '/headers': (response) => response.setHeader('x-long', 'z'.repeat(100_000)).end(),
};

const isVerified = (secret: string, body: string, headers: IncomingMessage['headers']) => {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
};

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://receiver');
  const body = (await buffer(request)).toString('utf8');
  if (request.method === 'PUT') {
    secrets = JSON.parse(body) as string[];
    response.end();
    return;
  }
  if (request.method === 'GET') {
    response.end(JSON.stringify(received));
    return;
  }
  const verified = secrets.map((secret) => isVerified(secret, body, request.headers));
  // `/accept?failing=0.5` fails half of the requests.
  const isFailing = Math.random() < Number(url.searchParams.get('failing') ?? '0');
  const behaviour = behaviours[isFailing ? '/fail' : url.pathname];
  behaviour?.(response, request);
  received.push({
    path: url.pathname,
    id: String(request.headers['webhook-id']),
    headers: request.headers,
    body: JSON.parse(body),
    verified,
    status: response.statusCode,
  });
}

const server = createServer((request, response) => void receive(request, response));
server.on('connection', (socket) => socket.on('error', () => undefined));
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
