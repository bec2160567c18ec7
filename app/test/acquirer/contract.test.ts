import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { pino } from 'pino';
import { v7 as uuid } from 'uuid';
import { afterAll, describe, expect, test } from 'vitest';
import type { Acquirer, AuthorizationRequest, FollowUpRequest } from '../../src/acquirer/acquirer.ts';
import { HttpAcquirer } from '../../src/acquirer/http-acquirer.ts';
import { SimulatedAcquirer } from '../../src/acquirer/simulator.ts';
import { StripeAcquirer } from '../../src/acquirer/stripe/stripe-acquirer.ts';
import { StripeDouble } from './stripe-double.ts';

/*
 * What every connector must do. With STRIPE_TEST_KEY, the same scenarios run against Stripe's test mode, too.
 */

interface Subject {
  readonly name: string;
  readonly acquirer: Acquirer;
  readonly approvedToken: string;
  readonly declinedToken: string;
  readonly challengedToken: string;
  /** Lets the customer pass or fail the challenge. @default - nothing can, but a browser */
  readonly finishChallenge?: (acquirerId: string, isPassed: boolean) => Promise<void> | void;
  readonly close?: () => Promise<void>;
}

const logger = pino({ level: 'silent' });

/** The simulator's tokens, and its way to finish a challenge. */
const simulated = (simulator: SimulatedAcquirer) => ({
  approvedToken: 'tok_approve',
  declinedToken: 'tok_decline_insufficient_funds',
  challengedToken: 'tok_challenge',
  finishChallenge: async (id: string, isPassed: boolean) => {
    await simulator.challenges.decide(id, isPassed ? 'passed' : 'failed');
  },
});
const origin = 'https://pay.example';
const simulator = new SimulatedAcquirer({ origin });

/** The simulator behind the plain HTTP protocol. */
async function overHttp(): Promise<Subject> {
  const simulator = new SimulatedAcquirer({ origin });
  const server = createServer((request, response) => {
    void json(request).then(async (body) => {
      const { reference } = body as AuthorizationRequest;
      const answer =
        request.url === '/authorizations'
          ? await simulator.authorize(body as AuthorizationRequest)
          : request.url === '/voids'
            ? await simulator.void(body as FollowUpRequest)
            : await simulator.capture(body as AuthorizationRequest);
      response.end(JSON.stringify({ reference, ...answer }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    name: 'the protocol over HTTP',
    acquirer: new HttpAcquirer({ url: `http://127.0.0.1:${port}`, logger }),
    ...simulated(simulator),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const stripeTokens = {
  approvedToken: 'pm_card_visa',
  declinedToken: 'pm_card_visa_chargeDeclinedInsufficientFunds',
  challengedToken: 'pm_card_authenticationRequired',
};
const double = await StripeDouble.start();
const testKey = process.env['STRIPE_TEST_KEY'];
const subjects: Subject[] = [
  {
    name: 'the simulator',
    acquirer: simulator,
    ...simulated(simulator),
  },
  await overHttp(),
  {
    name: 'Stripe, by a double',
    acquirer: new StripeAcquirer({ secretKey: () => Promise.resolve('sk_test'), logger, address: double.address }),
    ...stripeTokens,
    finishChallenge: (id, isPassed) => {
      double.finishChallenge(id, isPassed);
    },
    close: () => double.close(),
  },
  ...(testKey === undefined
    ? []
    : [
        {
          name: "Stripe's test mode",
          acquirer: new StripeAcquirer({
            secretKey: () => Promise.resolve(testKey),
            logger,
            timeoutMilliseconds: 20_000,
          }),
          ...stripeTokens,
        },
      ]),
];
afterAll(async () => {
  for (const { close } of subjects) await close?.();
});

describe.each(subjects)('$name', (subject) => {
  const { acquirer, approvedToken, declinedToken, challengedToken: paymentToken } = subject;
  const request = (changed: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
    reference: uuid(),
    amountMinor: 2000,
    currency: 'USD',
    paymentToken: approvedToken,
    capture: false,
    ...changed,
  });
  const followUp = (acquirerId: string, amountMinor = 2000) => ({
    reference: uuid(),
    amountMinor,
    currency: 'USD',
    acquirerId,
  });
  /** The acquirer's ID of a new authorization. */
  const authorized = async (changed: Partial<AuthorizationRequest> = {}): Promise<string> => {
    const answer = await acquirer.authorize(request(changed));
    if (answer.outcome !== 'approved') throw new Error(answer.outcome);
    return answer.acquirerId;
  };

  test.each([true, false])('approves, with capture at once: %s', async (capture) => {
    const answer = await acquirer.authorize(request({ capture }));
    expect(answer).toEqual({ outcome: 'approved', acquirerId: expect.stringMatching(/./) as string });
  });

  test('declines with our code', async () => {
    const answer = await acquirer.authorize(request({ paymentToken: declinedToken }));
    expect(answer).toEqual({ outcome: 'declined', declineCode: 'insufficient_funds' });
  });

  test('declines an unknown token', async () => {
    const unknown = approvedToken.startsWith('pm_') ? 'pm_1NoSuchPaymentMethod' : 'tok_no_such_token';
    const answer = await acquirer.authorize(request({ paymentToken: unknown }));
    expect(answer).toEqual({ outcome: 'declined', declineCode: 'unknown_token' });
  });

  test('answers a repeated request with the first decision', async () => {
    const repeated = request({ capture: true });
    const first = await acquirer.authorize(repeated);
    expect(await acquirer.authorize(repeated)).toEqual(first);
  });

  test('captures a part', async () => {
    const capture = followUp(await authorized(), 500);
    expect(await acquirer.capture(capture)).toMatchObject({ outcome: 'approved' });
    expect(await acquirer.capture(capture)).toMatchObject({ outcome: 'approved' });
  });

  test('voids', async () => {
    const cancel = followUp(await authorized());
    expect(await acquirer.void(cancel)).toMatchObject({ outcome: 'approved' });
    expect(await acquirer.void(cancel)).toMatchObject({ outcome: 'approved' });
  });

  test('refunds in parts', async () => {
    const id = await authorized({ capture: true });
    const first = followUp(id, 1500);
    expect(await acquirer.refund(first)).toMatchObject({ outcome: 'approved' });
    expect(await acquirer.refund(first)).toMatchObject({ outcome: 'approved' });
    expect(await acquirer.refund(followUp(id, 500))).toMatchObject({ outcome: 'approved' });
  });

  const returnUrl = 'https://shop.example/return';
  /** A new authorization that waits for its customer. */
  const challenged = async (capture: boolean) => {
    const asked = request({ paymentToken, returnUrl, capture });
    const answer = await acquirer.authorize(asked);
    if (answer.outcome !== 'action_required') throw new Error(answer.outcome);
    return { asked, answer };
  };

  test('declines a card that demands authentication without a way back', async () => {
    const answer = await acquirer.authorize(request({ paymentToken }));
    expect(answer).toEqual({ outcome: 'declined', declineCode: 'authentication_required' });
  });

  test('demands authentication, and again while the customer has not decided', async () => {
    const { asked, answer } = await challenged(false);
    expect(new URL(answer.url).protocol).toBe('https:');
    expect(await acquirer.authorize(asked)).toEqual(answer);
  });

  test('releases an authorization that waits for its customer', async () => {
    const { asked, answer } = await challenged(true);
    expect(await acquirer.void(followUp(answer.acquirerId))).toMatchObject({ outcome: 'approved' });
    const later = await acquirer.authorize(asked);
    expect(later).toEqual({ outcome: 'declined', declineCode: 'authentication_abandoned' });
  });

  // Only a browser can finish a challenge of Stripe's test mode.
  describe.runIf(subject.finishChallenge)('after the challenge', () => {
    const finish = (id: string, isPassed: boolean) => subject.finishChallenge?.(id, isPassed);

    test.each([true, false])('approves who passed it, with capture at once: %s', async (capture) => {
      const { asked, answer } = await challenged(capture);
      await finish(answer.acquirerId, true);
      expect(await acquirer.authorize(asked)).toEqual({ outcome: 'approved', acquirerId: answer.acquirerId });
      const voided = await acquirer.void(followUp(answer.acquirerId));
      expect(voided.outcome).toBe(capture ? 'declined' : 'approved');
    });

    test('declines who failed it', async () => {
      const { asked, answer } = await challenged(true);
      await finish(answer.acquirerId, false);
      const later = await acquirer.authorize(asked);
      expect(later).toEqual({ outcome: 'declined', declineCode: 'authentication_failed' });
    });
  });
});
