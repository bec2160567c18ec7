import { eventTypes } from '../../../src/payments/payment-events.ts';
import type { Merchant } from '../load/purchase.ts';

/** Creates an endpoint that receives every event of a merchant, and passes its secret to the receiver. @throws when the API refuses it */
export async function addEndpoint(apiUrl: string, receiverUrl: string, { id, apiKey }: Merchant): Promise<void> {
  const response = await fetch(`${apiUrl}/api/v1/webhook-endpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: `${receiverUrl}/${id}`, eventTypes }),
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  const { secret } = (await response.json()) as { secret: string };
  await fetch(`${receiverUrl}/${id}`, { method: 'PUT', body: secret });
}
