import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection } from './http-connection.ts';
import type { LoadJob, LoadResult } from './load-job.ts';
import { percentile } from './statistics.ts';

/* The process of a load generator: reads its job, does it, writes what became of it. */

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const job = JSON.parse(Buffer.concat(chunks).toString()) as LoadJob;

const latencies: number[] = [];
const answers: Record<string, number> = {};
let failures = 0;
let retries = 0;

/** One client: a connection with a key, and the last payment that it took. */
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

/** @param due when it should have been sent: a late generator must not make the API look quick */
async function send(client: Client, request: string, due = performance.now()): Promise<void> {
  try {
    if (client.connection.closed) client.connection = await HttpConnection.open(job.port);
    let answer = await client.connection.send(request);
    if (answer.status === 408) {
      // The API was just giving up a connection that had been silent since it was opened; it has not read the request.
      retries += 1;
      client.connection = await HttpConnection.open(job.port);
      answer = await client.connection.send(request);
    }
    const { status, body: text } = answer;
    answers[status] = (answers[status] ?? 0) + 1;
    if (status === 201) client.paymentId = /"id":"([^"]+)"/.exec(text)?.[1];
  } catch {
    failures += 1;
    client.connection = await HttpConnection.open(job.port);
  }
  latencies.push(performance.now() - due);
}

/** Opens the connections a hundred at a time: they are users who are there, not a storm of them who arrive. */
async function open(): Promise<Client[]> {
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

async function closed(clients: readonly Client[], requests: number): Promise<void> {
  let left = requests;
  const work = async (client: Client) => {
    while (left > 0) {
      left -= 1;
      await send(client, pay(client));
    }
  };
  await Promise.all(clients.map(work));
}

async function atRate(clients: readonly Client[], perSecond: number, seconds: number): Promise<void> {
  const free = [...clients];
  const due: number[] = [];
  const start = performance.now();
  const all: Promise<void>[] = [];
  const sendDue = () => {
    for (let client = free.at(-1); client && due.length > 0; client = free.at(-1)) {
      free.pop();
      const mine = client;
      const ended = send(mine, pay(mine), due.shift()).then(() => {
        free.push(mine);
        sendDue();
      });
      all.push(ended);
    }
  };
  for (let sent = 0; sent < perSecond * seconds;) {
    await sleep(1);
    for (; sent < perSecond * seconds && start + (sent * 1000) / perSecond <= performance.now(); sent += 1) {
      due.push(start + (sent * 1000) / perSecond);
    }
    sendDue();
  }
  while (due.length > 0 || free.length < clients.length) await sleep(5);
  await Promise.all(all);
}

async function users(clients: readonly Client[], load: LoadJob['load'] & { readonly kind: 'users' }): Promise<void> {
  const end = performance.now() + load.seconds * 1000;
  const live = async (client: Client) => {
    // Some think longer than others; together they come at random.
    const think = () => -Math.log(1 - Math.random()) * load.thinkSeconds * 1000;
    for (let due = performance.now() + think(); due < end; due = performance.now() + think()) {
      await sleep(Math.max(0, due - performance.now()));
      await send(client, Math.random() < load.readShare ? read(client) : pay(client), due);
    }
  };
  await Promise.all(clients.map(live));
}

const clients = await open();
const start = performance.now();
const { load } = job;
if (load.kind === 'closed') await closed(clients, load.requests);
else if (load.kind === 'open') await atRate(clients, load.perSecond, load.seconds);
else await users(clients, load);
const seconds = (performance.now() - start) / 1000;
for (const { connection } of clients) connection.close();
const { user, system } = process.cpuUsage();
const result: LoadResult = {
  seconds,
  answers,
  failures,
  retries,
  p50: percentile(latencies, 0.5),
  p99: percentile(latencies, 0.99),
  max: percentile(latencies, 1),
  processorSeconds: (user + system) / 1e6,
};
process.stdout.write(JSON.stringify(result));
