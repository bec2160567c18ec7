import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** An answer, read to its end. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What is asked for. */
export interface Question {
  readonly method?: string;
  /** Sent as it is. @default '/health' */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The load balancer's health checks wait no longer. */
const patienceMilliseconds = 5_000;

/**
 * Asks as the load balancer does: over TLS, without checking who signed the certificate. Each question has a connection of its own.
 *
 * @throws Error with the reason when there is no complete answer within five seconds
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
  // A connection that breaks after the answer is no concern of whoever has it.
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

/** Why it failed, in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError')
    return `nothing within ${patienceMilliseconds / 1000} seconds`;
  // An address that resolves twice fails with two errors and no message.
  return error.message === '' ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
}

/** Whether anything accepts a TCP connection there. */
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
