import type { RequestListener, ServerResponse } from 'node:http';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { type Acquirer, AcquirerTimeoutError } from '../../src/acquirer/acquirer.ts';
import { HttpAcquirer } from '../../src/acquirer/http-acquirer.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

let bank: Upstream | undefined;
const log: string[] = [];
afterEach(async () => {
  await bank?.close();
  log.length = 0;
});

/** A client of a server with this request listener. */
async function clientOf(answer: RequestListener): Promise<Acquirer> {
  bank = await startUpstream(answer);
  const logger = pino({ level: 'trace' }, { write: (line: string) => log.push(line) });
  return new HttpAcquirer({ url: `${bank.url}/v2/`, logger, timeoutMilliseconds: 1000 });
}

const send = (response: ServerResponse, body: unknown, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const approval = { reference: 'ref-1', outcome: 'approved', acquirerId: 'bank-7' };
const authorization = {
  reference: 'ref-1',
  amountMinor: 1000,
  currency: 'EUR',
  paymentToken: 'tok_private',
  capture: true,
} as const;
const followUp = { reference: 'ref-1', amountMinor: 400, currency: 'EUR', acquirerId: 'bank-7' } as const;

describe('a request', () => {
  test.each([
    ['/v2/authorizations', authorization, (acquirer: Acquirer) => acquirer.authorize(authorization)],
    ['/v2/captures', followUp, (acquirer: Acquirer) => acquirer.capture(followUp)],
    ['/v2/voids', followUp, (acquirer: Acquirer) => acquirer.void(followUp)],
    ['/v2/refunds', followUp, (acquirer: Acquirer) => acquirer.refund(followUp)],
  ])('is sent to %s as JSON, with its reference as Idempotency-Key', async (url, body, ask) => {
    const acquirer = await clientOf((_request, response) => {
      send(response, approval);
    });
    expect(await ask(acquirer)).toEqual({ outcome: 'approved', acquirerId: 'bank-7' });
    expect(bank?.received).toMatchObject([{ method: 'POST', url, headers: { 'idempotency-key': 'ref-1' } }]);
    expect(JSON.parse(bank?.received[0]?.body ?? '')).toEqual(body);
    expect(log).toEqual([]);
  });

  test('returns a decline', async () => {
    const acquirer = await clientOf((_request, response) => {
      send(response, { reference: 'ref-1', outcome: 'declined', declineCode: 'stolen_card' });
    });
    expect(await acquirer.authorize(authorization)).toEqual({ outcome: 'declined', declineCode: 'stolen_card' });
  });

  test('is retried once when its connection breaks before the response', async () => {
    let asked = 0;
    const acquirer = await clientOf((request, response) => {
      asked += 1;
      if (asked === 1) request.socket.destroy();
      else send(response, approval);
    });
    expect(await acquirer.refund(followUp)).toMatchObject({ outcome: 'approved' });
    expect(bank?.received.map(({ headers }) => headers['idempotency-key'])).toEqual(['ref-1', 'ref-1']);
  });
});

describe('throws AcquirerTimeoutError and logs no card data', () => {
  test.each<[string, RequestListener]>([
    ['no response arrives', () => undefined],
    ['the response breaks off', (_request, response) => void response.writeHead(200).write('{"reference"')],
    ['every connection breaks', (request) => request.socket.destroy()],
    [
      'the status is not 200',
      (_request, response) => {
        send(response, approval, 503);
      },
    ],
    [
      'the status is 402',
      (_request, response) => {
        send(response, approval, 422);
      },
    ],
    [
      'the status is 202',
      (_request, response) => {
        send(response, approval, 202);
      },
    ],
    ['the response is not JSON', (_request, response) => response.end('<html>')],
    [
      'the response is not a decision',
      (_request, response) => {
        send(response, { reference: 'ref-1', outcome: 'perhaps' });
      },
    ],
    [
      'the approval has no id',
      (_request, response) => {
        send(response, { ...approval, acquirerId: '' });
      },
    ],
    [
      'the response is for another reference',
      (_request, response) => {
        send(response, { ...approval, reference: 'ref-2' });
      },
    ],
    ['the response is a redirect', (_request, response) => response.writeHead(307, { location: '/elsewhere' }).end()],
  ])('when %s', async (_what, answer) => {
    const acquirer = await clientOf(answer);
    const asking = acquirer.authorize(authorization);
    await expect(asking).rejects.toThrow(AcquirerTimeoutError);
    await expect(asking).rejects.toMatchObject({ cause: expect.anything() as unknown });
    expect(log.join()).toContain('ref-1');
    expect(log.join()).not.toContain('tok_private');
  });
});
