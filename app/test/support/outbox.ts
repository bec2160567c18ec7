import { randomUUID } from 'node:crypto';
import type { OutboxEvent, OutboxTransport } from '../../src/outbox/outbox-event.ts';
import { deliverOnce, type OutboxRelayDependencies } from '../../src/outbox/outbox-relay.ts';
import type { TestPlatform } from './platform.ts';

/** The dependencies of a relay with this transport. */
export function relayTo(platform: TestPlatform, deliver: OutboxTransport['deliver']): OutboxRelayDependencies {
  return { pool: platform.database.api, transport: { deliver }, logger: platform.logger };
}

/** Makes every event due for delivery. */
export async function makeDue(platform: TestPlatform): Promise<void> {
  await platform.database.superuser.query(
    'UPDATE payments.outbox SET next_attempt_at = now() WHERE delivered_at IS NULL',
  );
}

/** Delivers all due events and returns them in order. */
export async function drain(platform: TestPlatform): Promise<OutboxEvent[]> {
  const events: OutboxEvent[] = [];
  const takeAll: OutboxTransport['deliver'] = (batch) => {
    events.push(...batch);
    return Promise.resolve(batch.map(({ id }) => id));
  };
  while ((await deliverOnce(relayTo(platform, takeAll))) > 0);
  return events;
}

/** Creates a payment, captures and refunds a part: three events. */
export async function payAndRefund(platform: TestPlatform): Promise<string> {
  const { id } = await platform.pay();
  await platform.post(`/payments/${id}/capture`, { amountMinor: 900 });
  await platform.post(`/payments/${id}/refunds`, { amountMinor: 200, reason: 'Late' });
  return id;
}

/** Creates an automatically captured payment and refunds a part: three events, the first two in one change. */
export async function payAtOnceAndRefund(platform: TestPlatform): Promise<string> {
  const { id } = await platform.pay({ capture: 'automatic' });
  await platform.post(`/payments/${id}/refunds`, { amountMinor: 200 });
  return id;
}

/** The events of either payment, in order. */
export const lifeOfPayment = ['payment.authorized', 'payment.captured', 'refund.succeeded'];

/** The event types of a payment. */
export function typesOf(events: readonly OutboxEvent[], paymentId: string): string[] {
  return events.filter((event) => event.paymentId === paymentId).map(({ type }) => type);
}

/** An event of an existing payment, as a queue delivers it. The payment has no other events. */
export async function deliveredEvent(
  { database }: Pick<TestPlatform, 'database'>,
  merchantId: string,
  changes: Partial<OutboxEvent> = {},
): Promise<OutboxEvent> {
  const paymentId = randomUUID();
  await database.superuser.query(
    `INSERT INTO payments.payments (id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token)
     VALUES ($1, $2, 'captured', 500, 500, 0, 'EUR', 'tok_approve')`,
    [paymentId, merchantId],
  );
  return {
    id: randomUUID(),
    merchantId,
    paymentId,
    type: 'payment.captured',
    payload: { amountMinor: 500, currency: 'EUR', detail: null },
    createdAt: '2026-03-31T12:00:00.000Z',
    correlationId: randomUUID(),
    traceHeader: null,
    ...changes,
  };
}
