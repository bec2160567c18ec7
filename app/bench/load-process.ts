import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, HttpConnection } from './http-connection.ts';
import type { Latency, Load, LoadJob, LoadResult } from './load-job.ts';
import { percentile } from './statistics.ts';

/* The load generator process: reads its job, runs it and writes the result. */

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const job = JSON.parse(Buffer.concat(chunks).toString()) as LoadJob;

const latencies: { readonly all: number[]; readonly served: number[]; readonly refused: number[] } = {
  all: [],
  served: [],
  refused: [],
};
const perSecond: { served: number; refused: number }[] = [];
const answers: Record<string, number> = {};
let failures = 0;
let retries = 0;
let start = 0;

/** The maximum number of attempts of a rejected request. */
const maxAttempts = 4;

function record(status: number, due: number): void {
  answers[status] = (answers[status] ?? 0) + 1;
  const outcome = status === 503 ? 'refused' : status < 300 ? 'served' : undefined;
  const latency = performance.now() - due;
  latencies.all.push(latency);
  if (!outcome) return;
  latencies[outcome].push(latency);
  const second = Math.max(0, Math.floor((due - start) / 1000));
  while (perSecond.length <= second) perSecond.push({ served: 0, refused: 0 });
  (perSecond[second] as { served: number; refused: number })[outcome] += 1;
}

type LoadOf<Kind extends Load['kind']> = Load & { readonly kind: Kind };

/** A client: a connection with a key, and its last payment. */
interface Client {
  connection: HttpConnection;
  readonly key: string;
  paymentId: string | undefined;
}

const body = JSON.stringify({
  amountMinor: 1050,
  currency: 'EUR',
  paymentToken: 'tok_approve',
  capture: 'automatic',
  reference: 'bench-1',
});

const pay = ({ key }: Client) =>
  `POST /api/v1/payments HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\nIdempotency-Key: ${randomUUID()}\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

const read = ({ key, paymentId }: Client) => {
  const path = paymentId === undefined || Math.random() < 0.5 ? '' : `/${paymentId}`;
  return `GET /api/v1/payments${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\n\r\n`;
};

const any = (client: Client, readShare = 0) => (Math.random() < readShare ? read(client) : pay(client));

/**
 * @param due when the request was due: latencies include delays of the generator
 * @returns the response, unless the connection closed
 */
async function send(client: Client, request: string, due = performance.now()): Promise<Answer | undefined> {
  try {
    if (client.connection.closed) client.connection = await HttpConnection.open(job.port);
    let answer = await client.connection.send(request);
    if (answer.status === 408) {
      // The API closed an idle connection and has not read the request.
      retries += 1;
      client.connection = await HttpConnection.open(job.port);
      answer = await client.connection.send(request);
    }
    const { status, body: text } = answer;
    // A retry may use the connection of another merchant's client.
    if (status === 201 && request.includes(client.key)) client.paymentId = /"id":"([^"]+)"/.exec(text)?.[1];
    record(status, due);
    return answer;
  } catch {
    failures += 1;
    client.connection = await HttpConnection.open(job.port);
    return undefined;
  }
}

/** Opens the connections in groups of a hundred: the users are already connected, and do not arrive at once. */
async function connectAll(): Promise<Client[]> {
  const clients: Client[] = [];
  while (clients.length < job.connections) {
    const count = Math.min(100, job.connections - clients.length);
    const next = Array.from({ length: count }, async (_, offset) => {
      const index = clients.length + offset;
      const connection = await HttpConnection.open(job.port);
      return { connection, key: job.keys[index % job.keys.length] ?? '', paymentId: undefined };
    });
    clients.push(...(await Promise.all(next)));
  }
  return clients;
}

async function closed(clients: readonly Client[], { requests, readShare }: LoadOf<'closed'>): Promise<void> {
  let left = requests;
  const work = async (client: Client) => {
    while (left > 0) {
      left -= 1;
      await send(client, any(client, readShare));
    }
  };
  await Promise.all(clients.map(work));
}

/** A request to send. */
interface Arrival {
  readonly due: number;
  /** The earlier attempt, to retry it with the same Idempotency-Key. */
  readonly request?: string;
  readonly attempt: number;
}

async function open(clients: readonly Client[], load: LoadOf<'open'>): Promise<void> {
  const { seconds, readShare, retry } = load;
  const free = [...clients];
  const arrivals: Arrival[] = [];
  let next = 0;
  let expected = 0;
  const arrive = (arrival: Arrival) => {
    arrivals.push(arrival);
    sendDue();
  };
  const serve = async (client: Client, { due, request = any(client, readShare), attempt }: Arrival) => {
    const answer = await send(client, request, due);
    if (answer?.status === 503 && retry && attempt < maxAttempts) {
      retries += 1;
      expected += 1;
      const milliseconds = retry === 'immediately' ? 0 : (answer.retryAfterSeconds ?? 1) * 1000;
      setTimeout(() => {
        expected -= 1;
        arrive({ due: performance.now(), request, attempt: attempt + 1 });
      }, milliseconds);
    }
    free.push(client);
    sendDue();
  };
  const sendDue = () => {
    while (next < arrivals.length && free.length > 0) {
      void serve(free.pop() as Client, arrivals[next] as Arrival);
      next += 1;
    }
  };
  for (let sent = 0; sent < load.perSecond * seconds;) {
    await sleep(1);
    for (; sent < load.perSecond * seconds && start + (sent * 1000) / load.perSecond <= performance.now(); sent += 1) {
      arrivals.push({ due: start + (sent * 1000) / load.perSecond, attempt: 1 });
    }
    sendDue();
  }
  while (next < arrivals.length || free.length < clients.length || expected > 0) await sleep(5);
}

async function users(clients: readonly Client[], load: LoadOf<'users'>): Promise<void> {
  const end = performance.now() + load.seconds * 1000;
  const live = async (client: Client) => {
    // Exponential think times, so that the requests arrive at random.
    const think = () => -Math.log(1 - Math.random()) * load.thinkSeconds * 1000;
    for (let due = performance.now() + think(); due < end; due = performance.now() + think()) {
      await sleep(Math.max(0, due - performance.now()));
      await send(client, any(client, load.readShare), due);
    }
  };
  await Promise.all(clients.map(live));
}

const latencyOf = (values: readonly number[]): Latency => ({
  p50: percentile(values, 0.5) || 0,
  p99: percentile(values, 0.99) || 0,
  max: percentile(values, 1) || 0,
});

const clients = await connectAll();
start = performance.now();
const { load } = job;
if (load.kind === 'closed') await closed(clients, load);
else if (load.kind === 'open') await open(clients, load);
else await users(clients, load);
const seconds = (performance.now() - start) / 1000;
for (const { connection } of clients) connection.close();
const { user, system } = process.cpuUsage();
const result: LoadResult = {
  seconds,
  answers,
  failures,
  retries,
  all: latencyOf(latencies.all),
  served: latencyOf(latencies.served),
  refused: latencyOf(latencies.refused),
  perSecond,
  processorSeconds: (user + system) / 1e6,
};
process.stdout.write(JSON.stringify(result));
