import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lifeOfPayment, payAtOnceAndRefund } from '../support/outbox.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import {
  deliveriesOf,
  dispatcherOf,
  endWebhookLeases,
  makeWebhooksDue,
  newEndpoint,
} from '../support/webhooks/endpoints.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhooks/receiver-process.ts';

let platform: TestPlatform;
let receiver: WebhookReceiver;
beforeAll(async () => {
  platform = await startPlatform();
  receiver = await startReceiver();
}, 180_000);
afterAll(async () => {
  await receiver.stop();
  await platform.close();
}, 180_000);

/** What may happen between two payments. */
const steps = fc.array(
  fc.constantFrom('pay', 'pay', 'consume', 'dispatch', 'dispatch both', 'lose a process', 'wait'),
  { minLength: 5, maxLength: 15 },
);

test('whatever fails, and however many dispatchers run, an endpoint receives all events of each payment in order', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(0, 0.3, 0.6), async (happening, failing) => {
      const path = `/accept`;
      const mark = `run=${(run += 1)}`;
      const { id } = await newEndpoint(platform, `${receiver.url}${path}?failing=${failing}&${mark}`);
      const payments: string[] = [];
      const [one, other] = [dispatcherOf(platform).dispatcher, dispatcherOf(platform).dispatcher];
      for (const step of [...happening, 'pay']) {
        if (step === 'pay') payments.push(await payAtOnceAndRefund(platform));
        if (step === 'consume') await platform.consumeEvents();
        if (step === 'dispatch') await one.dispatchOnce();
        if (step === 'dispatch both') await Promise.all([one.dispatchOnce(), other.dispatchOnce()]);
        // The receiver has the webhook, but nobody records it.
        if (step === 'lose a process') await Promise.all([one.dispatchOnce(), endWebhookLeases(platform, id)]);
        if (step === 'wait') await makeWebhooksDue(platform, id);
      }
      await platform.consumeEvents();
      const isPending = async () => (await deliveriesOf(platform, id)).some(({ status }) => status === 'pending');
      while (await isPending()) {
        await makeWebhooksDue(platform, id);
        await Promise.all([one.dispatchOnce(), other.dispatchOnce()]);
      }
      const received = (await receiver.received(path)).filter(({ status }) => status === 200);
      for (const paymentId of payments) {
        const events = received.filter(({ body }) => body.data.paymentId === paymentId);
        const firstOfEach = [...new Map(events.toReversed().map((each) => [each.id, each])).values()];
        const order = firstOfEach.sort((left, right) => events.indexOf(left) - events.indexOf(right));
        expect(order.map(({ body }) => body.type)).toEqual(lifeOfPayment);
        // After the first success of a later event, no earlier one is sent for the first time.
        expect(events.at(-1)?.body.type).toBe(lifeOfPayment.at(-1));
      }
      await platform.send({ method: 'DELETE', url: `/api/v1/webhook-endpoints/${id}` });
    }),
    { seed: 20_261_128, numRuns: 8 },
  );
}, 180_000);
