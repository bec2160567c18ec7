import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** A complete response. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request. */
export interface Question {
  readonly method?: string;
  /** Sent without normalization. @default '/health' */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The timeout of the load balancer's health checks. */
const patienceMilliseconds = 5_000;

/**
 * Sends a request like the load balancer: over TLS without validating the certificate. Each request uses a new connection.
 *
 * @throws Error with the reason when there is no complete response within five seconds
 */
export async function ask(url: URL, question: Question = {}): Promise<Answer> {
  const { method = 'GET', path = '/health', headers = {}, body } = question;
  const outgoing = request(url, {
    method,
    path,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    agent: false,
    rejectUnauthorized: false,
    signal: AbortSignal.timeout(patienceMilliseconds),
  });
  // An error after the complete response does not matter.
  outgoing.on('error', () => undefined);
  outgoing.end(body);
  try {
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { statusCode: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
  } catch (error) {
    throw new Error(`no answer to ${method} ${path}: ${reasonOf(error)}`, { cause: error });
  } finally {
    outgoing.destroy();
  }
}

/** Returns the reason of an error in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError')
    return `nothing within ${patienceMilliseconds / 1000} seconds`;
  // A host with two addresses fails with an AggregateError without a message.
  return error.message === '' ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
}

/** Whether the port accepts TCP connections. */
export async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: patienceMilliseconds });
  socket.once('timeout', () => socket.destroy(new Error('timeout')));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
