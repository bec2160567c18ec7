import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, reasonOf } from './client.ts';
import type { Exit, ServiceProcess } from './service-process.ts';
import { until } from './until.ts';

/** How the service stopped after SIGTERM. */
export interface Ending {
  /** The status of the request in flight, or the reason why there is none. */
  readonly inFlight: number | string;
  /** Whether that request was answered before SIGTERM, so that it proves nothing. */
  readonly answeredBefore: boolean;
  /** The response on the last new connection; `undefined` when it was refused. */
  readonly newConnection: number | undefined;
  /** `undefined` if it still ran after `graceSeconds`. */
  readonly exit: Exit | undefined;
  readonly graceSeconds: number;
}

const body = JSON.stringify({ apiKey: 'of-a-request-in-flight' });
/** The wait for a server that ignores `Expect: 100-continue`. It has read the headers by then. */
const headSeconds = 2;

/** Sends a part of a request, stops the service and sends the rest. */
export async function observeEnding(
  service: { process: ServiceProcess; url: URL },
  graceSeconds: number,
): Promise<Ending> {
  const { process, url } = service;
  const inFlight = await beginRequest(url);
  const { answeredBefore } = inFlight;
  const told = Date.now();
  process.terminate();
  let newConnection: number | undefined;
  await until(Math.min(5, graceSeconds / 2), async () => {
    newConnection = await ask(url).then(
      ({ statusCode }) => statusCode,
      () => undefined,
    );
    return newConnection === undefined;
  });
  const answer = await inFlight.complete(graceSeconds);
  const exit = await process.endedWithin(graceSeconds - (Date.now() - told) / 1000);
  await process.kill();
  return { inFlight: answer, answeredBefore, newConnection, exit, graceSeconds };
}

/** Sends a request except for its last byte. Returns when the server processes it. */
async function beginRequest(url: URL) {
  const outgoing = request(url, {
    method: 'POST',
    path: '/api/v1/session',
    headers: { 'content-type': 'application/json', 'content-length': String(body.length), expect: '100-continue' },
    agent: false,
    rejectUnauthorized: false,
  });
  // The connection breaks if the server does not wait; `answer` reports that.
  outgoing.on('error', () => undefined);
  let answered = false;
  const answer: Promise<number | string> = once(outgoing, 'response')
    .then(async ([response]) => {
      answered = true;
      await text(response as IncomingMessage);
      return (response as IncomingMessage).statusCode ?? 0;
    })
    .catch(reasonOf);
  const cancel = new AbortController();
  const late = sleep(headSeconds * 1000, undefined, { signal: cancel.signal }).catch(() => undefined);
  await Promise.race([once(outgoing, 'continue').catch(() => undefined), answer, late]);
  cancel.abort();
  outgoing.write(body.slice(0, -1));
  return {
    answeredBefore: answered,
    /** Sends the last byte and waits for the response. */
    async complete(seconds: number): Promise<number | string> {
      outgoing.end(body.slice(-1));
      const tooLate = new AbortController();
      const never = sleep(seconds * 1000, `nothing within ${seconds} seconds`, { signal: tooLate.signal });
      const result = await Promise.race([answer, never.catch(() => 'nothing')]);
      tooLate.abort();
      outgoing.destroy();
      return result;
    },
  };
}
