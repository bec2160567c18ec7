import { randomBytes, randomUUID } from 'node:crypto';
import { ask, type Answer, type Question } from './client.ts';

/** A request and its response. */
export interface Exchange {
  readonly question: Question;
  readonly answer: Answer;
}

/** The returned ids of a request with a correlation id and of two without; empty if a response has none. */
export interface Correlation {
  readonly sent: string;
  readonly returned: string;
  readonly generated: readonly string[];
}

/** The requests for every target. Each is sent once, on first use. */
export interface Observations {
  /** The secrets in these requests, which no log may contain. */
  readonly secrets: readonly string[];
  readonly correlation: () => Promise<Correlation>;
  /** Invalid requests with secrets. */
  readonly refusals: () => Promise<readonly Exchange[]>;
}

/** A test card number, which passes all checks of a real one. */
const cardNumber = '4111111111111111';
const correlationHeader = 'x-correlation-id';

/** Creates the observations of the service at a URL. */
export function observationsOf(url: URL): Observations {
  const bearer = randomBytes(24).toString('hex');
  const cookie = randomBytes(24).toString('hex');
  const credentials = { authorization: `Bearer ${bearer}`, cookie: `session=${cookie}` };
  const questions: readonly Question[] = [
    { path: `/no-such-address-${randomUUID()}` },
    { path: '/api/v1/payments' },
    { path: '/api/v1/payments', headers: credentials },
    { path: '/api/v1/payments', headers: { cookie: credentials.cookie } },
    { path: `/api/v1/payments?reference=${cardNumber}` },
    { path: `/api/v1/payments/${cardNumber}` },
    { method: 'POST', path: '/api/v1/session', body: `{"apiKey": "${cardNumber}"}` },
    { method: 'POST', path: '/api/v1/session', body: '{"apiKey": ' },
  ];
  return {
    secrets: [bearer, cookie, cardNumber],
    correlation: once(async () => {
      const sent = randomUUID();
      const path = '/api/v1/payments';
      const idOf = async (headers: Readonly<Record<string, string>>) =>
        String((await ask(url, { path, headers })).headers[correlationHeader] ?? '');
      return {
        sent,
        returned: await idOf({ [correlationHeader]: sent }),
        generated: [await idOf({}), await idOf({})],
      };
    }),
    refusals: once(async () => {
      const exchanges: Exchange[] = [];
      for (const question of questions) exchanges.push({ question, answer: await ask(url, question) });
      return exchanges;
    }),
  };
}

/** Memoizes a function without parameters. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
