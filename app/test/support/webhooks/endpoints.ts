import { WebhookDispatcher } from '../../../src/webhooks/dispatcher.ts';
import type { AttemptView, DeliveryView } from '../../../src/webhooks/delivery-list-repository.ts';
import type { WebhookEndpoint } from '../../../src/webhooks/endpoint-repository.ts';
import type { SendOptions } from '../../../src/webhooks/send.ts';
import { webhookEventTypes } from '../../../src/webhooks/webhook-event.ts';
import type { TestPlatform } from '../platform.ts';

/** An endpoint, as its creation returned it. */
export interface CreatedEndpoint extends WebhookEndpoint {
  readonly secret: string;
}

/** Creates an endpoint that receives all events. */
export async function newEndpoint(
  platform: TestPlatform,
  url: string,
  changes: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<CreatedEndpoint> {
  const body = { url, eventTypes: [...webhookEventTypes], ...changes };
  const response = await platform.post('/webhook-endpoints', body, headers);
  if (response.statusCode !== 201) throw new Error(`${response.statusCode} ${response.body}`);
  return response.json();
}

/** A dispatcher, with the number of webhooks that it has parked. */
export function dispatcherOf(platform: TestPlatform, sending: Partial<SendOptions> = {}) {
  const { database, webhooks, logger } = platform;
  const counts = { parked: 0 };
  const dispatcher = new WebhookDispatcher({
    pool: database.api,
    secrets: webhooks.secrets,
    sending: { policy: webhooks.policy, timeoutMilliseconds: 1000, ...sending },
    metrics: {
      webhookParked: () => {
        counts.parked += 1;
      },
    },
    logger,
  });
  return { dispatcher, counts };
}

/** Sends webhooks until none is due. */
export async function dispatchAll({ dispatcher }: ReturnType<typeof dispatcherOf>): Promise<void> {
  while ((await dispatcher.dispatchOnce()) > 0);
}

/** Lets the time until the next attempt of every pending delivery pass, unless a process is sending it. */
export async function makeWebhooksDue({ database }: TestPlatform, endpointId: string): Promise<void> {
  await database.superuser.query(
    `UPDATE payments.webhook_deliveries SET next_attempt_at = now()
     WHERE endpoint_id = $1 AND status = 'pending' AND leased_until IS NULL`,
    [endpointId],
  );
}

/** Lets every lease end, as after a crash. */
export async function endWebhookLeases({ database }: TestPlatform, endpointId: string): Promise<void> {
  await database.superuser.query(
    `UPDATE payments.webhook_deliveries SET leased_until = now() - interval '1 second', next_attempt_at = now()
     WHERE endpoint_id = $1 AND leased_until IS NOT NULL`,
    [endpointId],
  );
}

/** The endpoint as the API shows it. */
export async function shownEndpoint(platform: TestPlatform, id: string): Promise<WebhookEndpoint> {
  return (await platform.get(`/webhook-endpoints/${id}`)).json();
}

/** The deliveries of an endpoint, newest first. */
export async function deliveriesOf(platform: TestPlatform, id: string): Promise<DeliveryView[]> {
  const response = await platform.get(`/webhook-endpoints/${id}/deliveries?limit=100`);
  return response.json<{ items: DeliveryView[] }>().items;
}

/** The attempts of a delivery, newest first. */
export async function attemptsOf(platform: TestPlatform, id: string, deliveryId: string): Promise<AttemptView[]> {
  const response = await platform.get(`/webhook-endpoints/${id}/deliveries/${deliveryId}/attempts`);
  return response.json<{ items: AttemptView[] }>().items;
}
