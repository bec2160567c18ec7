import { eventTypes } from '../payments/payment-events.ts';

/** The event types to which an endpoint can subscribe. */
export const webhookEventTypes = eventTypes;

/** The type of the event that `sendTestWebhook` sends. */
export const testEventType = 'webhook.test';

/** The fields of an event from which its body is made. */
export interface WebhookEvent {
  readonly type: string;
  readonly occurredAt: string;
  /** `null` for a test event. */
  readonly paymentId: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The body of a webhook, the same in every attempt: type, time and data, as Standard Webhooks proposes. */
export function webhookBody({ type, occurredAt, paymentId, payload }: WebhookEvent): string {
  const data = paymentId === null ? payload : { paymentId, ...payload };
  return JSON.stringify({ type, timestamp: occurredAt, data });
}
