import { Type } from 'typebox';
import { id, nullable, time, total } from '../http/schemas.ts';
import { testEventType, webhookEventTypes } from './webhook-event.ts';

type WebhookType = (typeof webhookEventTypes)[number] | typeof testEventType;

/** What each event says, as the summary of its description. */
const summaries: Readonly<Record<WebhookType, string>> = {
  'payment.authorized': 'A payment was authorized',
  'payment.captured': 'An authorized payment was captured, in full or in part',
  'payment.declined': 'A payment was declined',
  'payment.requires_action': 'The customer must authenticate: `nextAction` of the payment has the URL',
  'payment.voided': 'An authorized payment was voided',
  'payment.expired':
    'An authorization is older than the acquirer keeps it, and was released; or the customer did not authenticate in time',
  'refund.succeeded': 'A captured payment was refunded, in full or in part',
  'refund.declined': 'A refund was declined. The payment is unchanged',
  'capture.declined': 'A capture was declined. The payment is unchanged',
  'void.declined': 'A void was declined. The payment is unchanged',
  [testEventType]: 'A test event, which a merchant requested',
};

const paymentData = Type.Object(
  {
    paymentId: id,
    amountMinor: total,
    currency: Type.String({ description: 'ISO 4217 code' }),
    detail: nullable(Type.String({ description: 'The decline code, or the reason of a refund' })),
  },
  { title: 'WebhookPaymentData' },
);
const testData = Type.Object({}, { title: 'WebhookTestData' });

const header = (name: string, pattern: string, description: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string', pattern } as const,
});

/** The headers of Standard Webhooks. */
const signatureParameters = [
  header(
    'webhook-id',
    '^[0-9a-f-]{36}$',
    'The id of the event, the same in every attempt. Ignore an event that you know already: it may arrive twice.',
  ),
  header('webhook-timestamp', '^[0-9]+$', 'When the attempt began, in seconds since 1970. Refuse old attempts.'),
  header(
    'webhook-signature',
    '^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)*$',
    'Signatures of `{webhook-id}.{webhook-timestamp}.{body}`, with spaces between them: one for each valid secret of the endpoint. Each is ' +
      '`v1,` and the HMAC-SHA256 in Base64. Its key is what follows `whsec_` in the secret, decoded from Base64.',
  ),
];

const responses = {
  '2XX': { description: 'Received. The body of the response is not used.' },
  410: { description: 'Gone: the endpoint is disabled, and receives nothing until it is enabled.' },
  default: {
    description: 'Not received. The webhook is sent again, as after ten seconds without a response, for three days.',
  },
};

/** `onPaymentCaptured` */
const operationIdOf = (type: string) => `on${type.split(/[._]/).map(capitalized).join('')}`;
const capitalized = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function describedWebhook(type: WebhookType) {
  const operationId = operationIdOf(type);
  const schema = Type.Object(
    { type: Type.Literal(type), timestamp: time, data: type === testEventType ? testData : paymentData },
    { title: `Webhook${operationId.slice(2)}` },
  );
  return {
    post: {
      operationId,
      summary: summaries[type],
      tags: ['webhook-endpoints'],
      // The signature authenticates the sender.
      security: [],
      parameters: signatureParameters,
      requestBody: { required: true, content: { 'application/json': { schema } } },
      responses,
    },
  };
}

/** What the dispatcher sends, by event type: the section `webhooks` of an OpenAPI 3.1 document. */
export const describedWebhooks = Object.fromEntries(
  ([...webhookEventTypes, testEventType] as const).map((type) => [type, describedWebhook(type)]),
);
