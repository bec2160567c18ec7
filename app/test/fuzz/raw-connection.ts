import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { ProblemBody } from '../support/problem.ts';

/** A connection on which anything can be sent. */
export interface RawConnection {
  readonly socket: Socket;
  /** What has come back so far. */
  received(): string;
  /** Resolves once the server has closed it. */
  closed(): Promise<void>;
}

/** Connects to an address such as `https://127.0.0.1:3000`. */
export function openRaw(url: string): RawConnection {
  const { protocol, hostname, port } = new URL(url);
  const to = { host: hostname, port: Number(port) };
  const socket = protocol === 'https:' ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to);
  let received = '';
  let closed = false;
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  // A server that closes while one still sends resets the connection.
  socket.on('error', () => undefined).on('close', () => (closed = true));
  return {
    socket,
    received: () => received,
    closed: () => eventually('the server closes the connection', () => closed),
  };
}

/** Asserts that what came back is one whole refusal, with its correlation id in a header as well. */
export function expectRawProblem(answer: string, status: number, slug: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toMatch(/^content-type: application\/problem\+json/im);
  const problem = JSON.parse(body) as ProblemBody;
  expect(problem).toMatchObject({ type: `/problems/${slug}`, status, correlationId: expect.any(String) as string });
  expect(head.toLowerCase()).toContain(`x-correlation-id: ${problem.correlationId}`);
}
