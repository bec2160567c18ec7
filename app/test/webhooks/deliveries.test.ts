import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimDeliveries, recordAttempts } from '../../src/webhooks/delivery-repository.ts';
import { retryDelaySeconds } from '../../src/webhooks/retry-delay.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';
import { eventually } from '../support/eventually.ts';
import { payAtOnceAndRefund } from '../support/outbox.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import {
  attemptsOf,
  type CreatedEndpoint,
  deliveriesOf,
  dispatchAll,
  dispatcherOf,
  endWebhookLeases,
  makeWebhooksDue,
  newEndpoint,
  shownEndpoint,
} from '../support/webhooks/endpoints.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhooks/receiver-process.ts';

let platform: TestPlatform;
let receiver: WebhookReceiver;
let path = '';
beforeAll(async () => {
  platform = await startPlatform();
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.stop();
  await platform.close();
});

/** Runs `work` with an endpoint that nobody else uses and deletes it. */
async function withEndpoint(behaviour: string, work: (endpoint: CreatedEndpoint) => Promise<void>): Promise<void> {
  path = behaviour;
  const endpoint = await newEndpoint(platform, `${receiver.url}${behaviour}`);
  try {
    await work(endpoint);
  } finally {
    await platform.send({ method: 'DELETE', url: `/api/v1/webhook-endpoints/${endpoint.id}` });
  }
}

/** Takes a payment and consumes its events. Returns its id. */
async function pay(): Promise<string> {
  const { id } = await platform.pay({ capture: 'automatic' });
  await platform.consumeEvents();
  return id;
}

/** Sets columns of the endpoint. */
const setEndpoint = (id: string, change: string) =>
  platform.database.superuser.query(`UPDATE payments.webhook_endpoints SET ${change} WHERE id = $1`, [id]);
const setDeliveries = (id: string, change: string) =>
  platform.database.superuser.query(`UPDATE payments.webhook_deliveries SET ${change} WHERE endpoint_id = $1`, [id]);
const receivedOf = async (paymentId: string) =>
  (await receiver.received(path)).filter(({ body }) => body.data.paymentId === paymentId);

describe('a payment', () => {
  test('is told to the endpoint of its merchant in order, with signatures that the package verifies', () =>
    withEndpoint('/accept', async ({ id, secret }) => {
      await receiver.verifyWith(secret, `whsec_${Buffer.alloc(32).toString('base64')}`);
      const paymentId = await payAtOnceAndRefund(platform);
      await platform.consumeEvents();
      await dispatchAll(dispatcherOf(platform));
      const received = await receivedOf(paymentId);
      expect(received.map(({ body }) => body)).toEqual([
        {
          type: 'payment.authorized',
          timestamp: expect.stringMatching(/Z$/) as string,
          data: { paymentId, amountMinor: 1000, currency: 'EUR', detail: null },
        },
        {
          type: 'payment.captured',
          timestamp: expect.stringMatching(/Z$/) as string,
          data: { paymentId, amountMinor: 1000, currency: 'EUR', detail: null },
        },
        {
          type: 'refund.succeeded',
          timestamp: expect.stringMatching(/Z$/) as string,
          data: { paymentId, amountMinor: 200, currency: 'EUR', detail: null },
        },
      ]);
      expect(received.map(({ verified }) => verified)).toEqual([
        [true, false],
        [true, false],
        [true, false],
      ]);
      const deliveries = await deliveriesOf(platform, id);
      expect(deliveries.map(({ eventId }) => eventId).reverse()).toEqual(received.map((each) => each.id));
      expect(deliveries.map(({ status, nextAttemptAt }) => [status, nextAttemptAt])).toEqual([
        ['delivered', null],
        ['delivered', null],
        ['delivered', null],
      ]);
      const [attempt] = await attemptsOf(platform, id, deliveries[0]?.id ?? '');
      expect(attempt).toMatchObject({ statusCode: 200, error: null, responseStart: 'thanks' });
    }));

  test('is told once, however often its events are consumed', () =>
    withEndpoint('/accept', async () => {
      const paymentId = await pay();
      await platform.database.superuser.query(
        'UPDATE payments.outbox SET delivered_at = NULL, next_attempt_at = now() WHERE payment_id = $1',
        [paymentId],
      );
      await platform.consumeEvents();
      await dispatchAll(dispatcherOf(platform));
      expect(await receivedOf(paymentId)).toHaveLength(2);
    }));

  test('is told only the types that the endpoint wants', () =>
    withEndpoint('/accept', async ({ id, url }) => {
      const body = { url, eventTypes: ['payment.captured'] };
      await platform.send({ method: 'PUT', url: `/api/v1/webhook-endpoints/${id}`, payload: body });
      const paymentId = await pay();
      await dispatchAll(dispatcherOf(platform));
      expect((await receivedOf(paymentId)).map(({ body: { type } }) => type)).toEqual(['payment.captured']);
    }));
});

describe('a delivery that fails', () => {
  test('holds back the later events of its payment, not those of others, and is retried with growing pauses', () =>
    withEndpoint('/fail', async ({ id }) => {
      const first = await pay();
      const sending = dispatcherOf(platform);
      await dispatchAll(sending);
      // A failing endpoint gets one attempt at a time.
      await pay();
      await dispatchAll(sending);
      expect((await receivedOf(first)).map(({ body: { type } }) => type)).toEqual(['payment.authorized']);
      const [head] = (await deliveriesOf(platform, id)).filter(({ paymentId }) => paymentId === first).reverse();
      expect(head).toMatchObject({ status: 'pending', endedAt: null });
      await makeWebhooksDue(platform, id);
      await dispatchAll(sending);
      const attempts = await attemptsOf(platform, id, head?.id ?? '');
      expect(attempts[0]).toMatchObject({ statusCode: 500, error: null, responseStart: 'out of order  [31m' });
      expect(attempts.length).toBeGreaterThan(0);
      const { rows } = await platform.database.superuser.query<{ seconds: number }>(
        `SELECT extract(epoch FROM next_attempt_at - changed_at)::float8 AS seconds FROM payments.webhook_deliveries
         WHERE endpoint_id = $1 AND failures = 1`,
        [id],
      );
      for (const { seconds } of rows) expect(seconds).toBeGreaterThanOrEqual(9.9);
    }));

  test('is parked after three days and counted, and no longer holds back its payment', () =>
    withEndpoint('/fail', async ({ id }) => {
      const sending = dispatcherOf(platform);
      await pay();
      await dispatchAll(sending);
      expect(sending.counts.parked).toBe(0);
      await setDeliveries(id, `retry_until = now() + interval '9 seconds'`);
      await makeWebhooksDue(platform, id);
      await dispatchAll(sending);
      const [second, first] = await deliveriesOf(platform, id);
      expect(first).toMatchObject({ status: 'parked', nextAttemptAt: null });
      expect(first?.endedAt).not.toBeNull();
      expect(second?.status).toBe('parked');
      expect(sending.counts.parked).toBe(2);
    }));

  test('is sent again when its merchant asks, with another three days', () =>
    withEndpoint('/fail', async ({ id, secret }) => {
      const paymentId = await pay();
      const sending = dispatcherOf(platform);
      await dispatchAll(sending);
      await setDeliveries(id, `retry_until = now()`);
      await makeWebhooksDue(platform, id);
      await dispatchAll(sending);
      path = '/accept';
      await receiver.verifyWith(secret);
      const body = { url: `${receiver.url}/accept`, eventTypes: ['payment.captured'] };
      await platform.send({ method: 'PUT', url: `/api/v1/webhook-endpoints/${id}`, payload: body });
      const [captured, authorized] = await deliveriesOf(platform, id);
      const resent = await platform.post(`/webhook-endpoints/${id}/deliveries/${authorized?.id ?? ''}/resend`, {});
      expect(resent.json()).toMatchObject({ status: 'pending', endedAt: null });
      await dispatchAll(sending);
      expect((await receivedOf(paymentId)).map((each) => each.id)).toEqual([authorized?.eventId]);
      const period = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z', status: 'parked' };
      const range = await platform.post(`/webhook-endpoints/${id}/resend`, period);
      expect(range.json()).toEqual({ resent: 1 });
      await dispatchAll(sending);
      expect((await receivedOf(paymentId)).map((each) => each.id)).toEqual([authorized?.eventId, captured?.eventId]);
      expect((await shownEndpoint(platform, id)).failingSince).toBeNull();
    }));
});

describe('an endpoint', () => {
  test('that fails for five days is disabled; its events wait until it is enabled', () =>
    withEndpoint('/fail', async ({ id }) => {
      const sending = dispatcherOf(platform);
      await pay();
      await dispatchAll(sending);
      expect(await shownEndpoint(platform, id)).toMatchObject({ disabledAt: null });
      await setEndpoint(id, `failing_since = now() - interval '121 hours'`);
      await makeWebhooksDue(platform, id);
      await dispatchAll(sending);
      expect(await shownEndpoint(platform, id)).toMatchObject({ disabledReason: 'failing' });
      expect(platform.log.some((line) => line.includes('webhook endpoint disabled'))).toBe(true);
      const paymentId = await pay();
      await makeWebhooksDue(platform, id);
      await dispatchAll(sending);
      expect(await receivedOf(paymentId)).toEqual([]);
      await setEndpoint(id, `url = '${receiver.url}/accept'`);
      const enabled = await platform.post(`/webhook-endpoints/${id}/enable`, {});
      expect(enabled.json()).toMatchObject({ disabledAt: null, disabledReason: null, failingSince: null });
      path = '/accept';
      await dispatchAll(sending);
      expect(await receivedOf(paymentId)).toHaveLength(2);
    }));

  test('that answers 410 is disabled immediately', () =>
    withEndpoint('/gone', async ({ id }) => {
      await pay();
      await dispatchAll(dispatcherOf(platform));
      expect(await shownEndpoint(platform, id)).toMatchObject({ disabledReason: 'gone' });
    }));

  test('receives nothing while its merchant has disabled it, and nothing once it is deleted', () =>
    withEndpoint('/accept', async ({ id }) => {
      await platform.post(`/webhook-endpoints/${id}/disable`, {});
      const paymentId = await pay();
      await dispatchAll(dispatcherOf(platform));
      await platform.post(`/webhook-endpoints/${id}/enable`, {});
      await platform.send({ method: 'DELETE', url: `/api/v1/webhook-endpoints/${id}` });
      await dispatchAll(dispatcherOf(platform));
      expect(await receivedOf(paymentId)).toEqual([]);
    }));

  test('that hangs does not delay the events of another', () =>
    withEndpoint('/hang', async () => {
      const other = await newEndpoint(platform, `${receiver.url}/accept`);
      const paymentId = await pay();
      const loop = dispatcherOf(platform, { timeoutMilliseconds: 8000 }).dispatcher.start();
      const began = Date.now();
      path = '/accept';
      await eventually('the other endpoint has its events', async () => (await receivedOf(paymentId)).length === 2);
      expect(Date.now() - began).toBeLessThan(5000);
      await loop.stop();
      await platform.send({ method: 'DELETE', url: `/api/v1/webhook-endpoints/${other.id}` });
    }));

  test('has at most 16 attempts at the same time, and one while it fails', () =>
    withEndpoint('/accept', async ({ id }) => {
      for (let count = 0; count < 20; count += 1) await platform.pay();
      await platform.consumeEvents();
      const { api } = platform.database;
      expect(await claimDeliveries(api, 256, 30)).toHaveLength(16);
      expect(await claimDeliveries(api, 256, 30)).toHaveLength(0);
      await endWebhookLeases(platform, id);
      await setEndpoint(id, 'failing_since = now()');
      expect(await claimDeliveries(api, 256, 30)).toHaveLength(1);
    }));

  test('receives signatures of the old and the new secret while one is rolled, and of the new one after', () =>
    withEndpoint('/accept', async ({ id, secret }) => {
      const rolled = await platform.post(`/webhook-endpoints/${id}/roll`, { oldSecretValidSeconds: 60 });
      const { secret: fresh } = rolled.json<CreatedEndpoint>();
      await receiver.verifyWith(secret, fresh);
      const sending = dispatcherOf(platform);
      const verified = async () => {
        const paymentId = await pay();
        await dispatchAll(sending);
        return (await receivedOf(paymentId))[0]?.verified;
      };
      expect(await verified()).toEqual([true, true]);
      await platform.database.superuser.query(
        'UPDATE payments.webhook_secrets SET expires_at = now() WHERE endpoint_id = $1 AND expires_at IS NOT NULL',
        [id],
      );
      expect(await verified()).toEqual([false, true]);
      await platform.post(`/webhook-endpoints/${id}/roll`, { oldSecretValidSeconds: 0 });
      expect(await verified()).toEqual([false, false]);
    }));

  test('whose secret was sealed with another key says so instead of sending', () =>
    withEndpoint('/accept', async ({ id }) => {
      const paymentId = await pay();
      const other = {
        ...platform,
        webhooks: { ...platform.webhooks, secrets: new SecretBox('x'.repeat(32), 'webhook signing secrets') },
      };
      await dispatchAll(dispatcherOf(other));
      expect(await receivedOf(paymentId)).toEqual([]);
      const [, delivery] = await deliveriesOf(platform, id);
      expect((await attemptsOf(platform, id, delivery?.id ?? ''))[0]).toMatchObject({
        statusCode: null,
        error: 'The signing secret cannot be read. Roll it.',
      });
    }));

  test('whose URL is no longer allowed says so instead of sending', () =>
    withEndpoint('/accept', async ({ id }) => {
      const paymentId = await pay();
      const policy = { loopback: false, refusedRanges: [] };
      await dispatchAll(dispatcherOf({ ...platform, webhooks: { ...platform.webhooks, policy } }));
      expect(await receivedOf(paymentId)).toEqual([]);
      const [, delivery] = await deliveriesOf(platform, id);
      expect((await attemptsOf(platform, id, delivery?.id ?? ''))[0]?.error).toBe('The URL must start with https://.');
    }));

  test('receives a test event', () =>
    withEndpoint('/accept', async ({ id, secret }) => {
      await receiver.verifyWith(secret);
      const { eventId } = (await platform.post(`/webhook-endpoints/${id}/test`, {})).json<{ eventId: string }>();
      await dispatchAll(dispatcherOf(platform));
      const received = (await receiver.received('/accept')).find((each) => each.id === eventId);
      expect(received).toMatchObject({ body: { type: 'webhook.test', data: {} }, verified: [true] });
    }));
});

describe('a dispatcher', () => {
  test('that dies before it records an attempt leaves the webhook to another, which sends it again', () =>
    withEndpoint('/accept', async ({ id }) => {
      const paymentId = await pay();
      const { api } = platform.database;
      const [claimed] = await claimDeliveries(api, 256, 30);
      expect(claimed?.paymentId).toBe(paymentId);
      expect(await claimDeliveries(api, 256, 30)).toEqual([]);
      await endWebhookLeases(platform, id);
      await dispatchAll(dispatcherOf(platform));
      expect((await receivedOf(paymentId)).map(({ body: { type } }) => type)).toEqual([
        'payment.authorized',
        'payment.captured',
      ]);
      // It was only slow, and reports a failure now.
      if (!claimed) throw new Error('Nothing was claimed.');
      const late = {
        startedAt: new Date(),
        durationMilliseconds: 1,
        statusCode: 500,
        error: null,
        responseStart: null,
      };
      expect(await recordAttempts(api, [{ ...late, delivery: claimed, delivered: false, retrySeconds: 10 }])).toEqual([
        undefined,
      ]);
      expect((await deliveriesOf(platform, id)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
    }));

  test('continues after the database has failed, and logs it', () =>
    withEndpoint('/accept', async () => {
      const paymentId = await pay();
      let failures = 2;
      const flaky = new Proxy(platform.database.api, {
        get: (pool, name) =>
          name === 'query' && failures-- > 0
            ? () => Promise.reject(new Error('connection lost'))
            : (Reflect.get(pool, name) as unknown),
      });
      const sending = dispatcherOf({ ...platform, database: { ...platform.database, api: flaky } });
      expect(await sending.dispatcher.dispatchOnce()).toBe(0);
      failures = 0;
      await dispatchAll(sending);
      expect(await receivedOf(paymentId)).toHaveLength(2);
      expect(platform.log.some((line) => line.includes('webhooks could not be claimed; retrying'))).toBe(true);
    }));

  test('that cannot record an attempt leaves it to its lease', () =>
    withEndpoint('/accept', async ({ id }) => {
      await pay();
      let queries = 0;
      const flaky = new Proxy(platform.database.api, {
        get: (pool, name) =>
          name === 'query' && ++queries > 1
            ? () => Promise.reject(new Error('connection lost'))
            : (Reflect.get(pool, name) as unknown),
      });
      await dispatcherOf({ ...platform, database: { ...platform.database, api: flaky } }).dispatcher.dispatchOnce();
      expect(platform.log.some((line) => line.includes('webhook attempt could not be recorded'))).toBe(true);
      expect((await deliveriesOf(platform, id)).map(({ status }) => status)).toEqual(['pending', 'pending']);
    }));
});

test('the pauses grow from ten seconds to six hours, and park a webhook after about twenty attempts', () => {
  expect([0, 1].map((random) => retryDelaySeconds(1, random))).toEqual([12.5, 10]);
  expect([1, 2, 3, 8, 9, 50].map((failures) => retryDelaySeconds(failures, 0))).toEqual([
    12.5, 37.5, 112.5, 21_600, 21_600, 21_600,
  ]);
  let [seconds, failures] = [0, 0];
  while (seconds < 3 * 86_400) seconds += retryDelaySeconds((failures += 1), 0.5);
  expect(failures).toBeGreaterThan(15);
  expect(failures).toBeLessThan(30);
});
