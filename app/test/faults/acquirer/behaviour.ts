import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** The fates of a request. For all except `answers`, the platform does not learn the outcome. */
export const fates = {
  answers: 'executes it and responds',
  slow: 'executes it and responds slowly',
  lost: 'does not execute it and does not respond',
  unavailable: 'does not execute it and returns an error',
  silent: 'executes it and does not respond',
  cut: 'executes it and breaks the connection',
  late: 'executes it and responds after the timeout',
  twice: 'executes it and responds twice',
  garbled: 'executes it and sends an invalid response',
} as const;
export type Fate = keyof typeof fates;

/** The probability of each fate except the first; their sum is at most 1. */
export type Behaviour = Readonly<Partial<Record<Exclude<Fate, 'answers'>, number>>>;

const slowMilliseconds = 400;
/** Longer than the timeout of the platform. */
const lateMilliseconds = 7000;

/** Returns the fate for a random number from 0 to 1. */
export function fateOf(behaviour: Behaviour, dice: number): Fate {
  let below = 0;
  for (const [fate, share] of Object.entries(behaviour)) {
    below += share;
    if (dice < below) return fate as Fate;
  }
  return 'answers';
}

/** Whether the acquirer executes the operation. */
export const isDone = (fate: Fate): boolean => fate !== 'lost' && fate !== 'unavailable';

/** Sends the decision, or a fault, to the client. */
export async function reply(
  fate: Fate,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  switch (fate) {
    case 'lost':
    case 'silent':
      return;
    case 'unavailable':
      response.writeHead(503).end();
      return;
    case 'cut':
      request.socket.destroy();
      return;
    case 'garbled':
      response.writeHead(200, { 'content-type': 'application/json' }).end(body.slice(0, -4));
      return;
    case 'slow':
      await sleep(slowMilliseconds);
      break;
    case 'late':
      await sleep(lateMilliseconds);
      break;
    case 'twice':
      // Node.js sends one response per request; the second one is written to the socket directly.
      response.once('finish', () => {
        request.socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      });
      break;
    case 'answers':
      break;
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}
