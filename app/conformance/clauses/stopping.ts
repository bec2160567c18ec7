import { type Clause, whenItServes } from '../clause.ts';
import { failed, notCheckable, passed } from '../verdict.ts';

export const stopping: readonly Clause[] = [
  {
    clause: 18,
    title: 'On SIGTERM, finishes the requests in flight',
    check: whenItServes(async ({ ending }) => {
      const { inFlight, answeredBefore } = await ending();
      if (answeredBefore) return notCheckable('POST /api/v1/session is answered before its body is there');
      return typeof inFlight === 'number' && inFlight < 500
        ? passed()
        : failed('an answer to the request whose body was half there', String(inFlight));
    }),
  },
  {
    clause: 19,
    title: 'On SIGTERM, refuses new connections',
    check: whenItServes(async ({ ending }) => {
      const { newConnection } = await ending();
      return newConnection === undefined ? passed() : failed('no connection', `an answer with ${newConnection}`);
    }),
  },
  {
    clause: 20,
    title: 'On SIGTERM, ends with 0 within SHUTDOWN_GRACE_SECONDS',
    check: whenItServes(async ({ ending }) => {
      const { exit, graceSeconds } = await ending();
      return exit === 0 ? passed() : failed('0', String(exit ?? `it still ran after ${graceSeconds} seconds`));
    }),
  },
];
