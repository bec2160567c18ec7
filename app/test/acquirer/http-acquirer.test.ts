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

/** The client of a bank that answers like this. */
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

describe('every question', () => {
  test.each([
    ['/v2/authorizations', authorization, (acquirer: Acquirer) => acquirer.authorize(authorization)],
    ['/v2/captures', followUp, (acquirer: Acquirer) => acquirer.capture(followUp)],
    ['/v2/voids', followUp, (acquirer: Acquirer) => acquirer.void(followUp)],
    ['/v2/refunds', followUp, (acquirer: Acquirer) => acquirer.refund(followUp)],
  ])('goes to %s as JSON, with its reference as key', async (url, body, ask) => {
    const acquirer = await clientOf((_request, response) => {
      send(response, approval);
    });
    expect(await ask(acquirer)).toEqual({ outcome: 'approved', acquirerId: 'bank-7' });
    expect(bank?.received).toMatchObject([{ method: 'POST', url, headers: { 'idempotency-key': 'ref-1' } }]);
    expect(JSON.parse(bank?.received[0]?.body ?? '')).toEqual(body);
    expect(log).toEqual([]);
  });

  test('may be declined', async () => {
    const acquirer = await clientOf((_request, response) => {
      send(response, { reference: 'ref-1', outcome: 'declined', declineCode: 'stolen_card' });
    });
    expect(await acquirer.authorize(authorization)).toEqual({ outcome: 'declined', declineCode: 'stolen_card' });
  });

  test('is asked once more when its connection breaks before an answer', async () => {
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

describe('an outcome that is not known is thrown as such, and logged without the card,', () => {
  test.each<[string, RequestListener]>([
    ['of silence', () => undefined],
    ['of an answer that breaks off', (_request, response) => void response.writeHead(200).write('{"reference"')],
    ['of connections that break', (request) => request.socket.destroy()],
    [
      'of another status',
      (_request, response) => {
        send(response, approval, 503);
      },
    ],
    [
      'of a status that refuses',
      (_request, response) => {
        send(response, approval, 422);
      },
    ],
    [
      'of a status that accepts for later',
      (_request, response) => {
        send(response, approval, 202);
      },
    ],
    ['of no JSON', (_request, response) => response.end('<html>')],
    [
      'of no decision',
      (_request, response) => {
        send(response, { reference: 'ref-1', outcome: 'perhaps' });
      },
    ],
    [
      'of an approval without a name',
      (_request, response) => {
        send(response, { ...approval, acquirerId: '' });
      },
    ],
    [
      'of an answer to another question',
      (_request, response) => {
        send(response, { ...approval, reference: 'ref-2' });
      },
    ],
    ['of an address elsewhere', (_request, response) => response.writeHead(307, { location: '/elsewhere' }).end()],
  ])('because %s', async (_what, answer) => {
    const acquirer = await clientOf(answer);
    const asking = acquirer.authorize(authorization);
    await expect(asking).rejects.toThrow(AcquirerTimeoutError);
    await expect(asking).rejects.toMatchObject({ cause: expect.anything() as unknown });
    expect(log.join()).toContain('ref-1');
    expect(log.join()).not.toContain('tok_private');
  });
});
