import { Type } from 'typebox';
import { acceptedTime, cursor, id, limit, nullable, plainText, strict, time } from '../http/schemas.ts';
import { webhookEventTypes } from './webhook-event.ts';

const deliveryStatuses = ['pending', 'delivered', 'parked'] as const;

const eventTypes = Type.Array(Type.Enum([...webhookEventTypes]), {
  minItems: 1,
  maxItems: webhookEventTypes.length,
  uniqueItems: true,
});

/** What a merchant chooses of an endpoint. */
export const endpointBodySchema = Type.Object(
  {
    url: Type.String({
      format: 'uri',
      maxLength: 2048,
      description: '`https://` on port 443, at a public address. Redirects are not followed.',
    }),
    eventTypes,
    description: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: plainText })),
  },
  { ...strict, title: 'WebhookEndpointChoice' },
);

const endpoint = {
  id,
  url: Type.String(),
  eventTypes: Type.Array(Type.String()),
  description: nullable(Type.String()),
  createdAt: time,
  failingSince: nullable(Type.String({ format: 'date-time', description: 'The first failure after the last success' })),
  disabledAt: nullable(Type.String({ format: 'date-time', description: 'Since then its events wait' })),
  disabledReason: nullable(
    Type.String({
      description: '`requested` by you, `failing` for five days, or `gone`: it answered 410',
    }),
  ),
};
export const endpointSchema = Type.Object(endpoint, { title: 'WebhookEndpoint' });

export const endpointWithSecretSchema = Type.Object(
  { ...endpoint, secret: Type.String({ description: 'Verifies signatures. It is shown this once.' }) },
  { title: 'WebhookEndpointWithSecret' },
);

export const rollSchema = Type.Object(
  {
    oldSecretValidSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 604_800,
        description: 'How long the old secret signs beside the new one; 86400 (a day) by default',
      }),
    ),
  },
  { ...strict, title: 'WebhookSecretRoll' },
);

export const emptySchema = Type.Object({}, strict);

export const deliverySchema = Type.Object(
  {
    id,
    eventId: Type.String({ format: 'uuid', description: 'The header `webhook-id`, the same in every attempt' }),
    eventType: Type.String(),
    paymentId: nullable(id),
    status: Type.Enum([...deliveryStatuses], { description: '`parked`: given up after three days of attempts' }),
    createdAt: time,
    nextAttemptAt: nullable(time),
    endedAt: nullable(time),
  },
  { title: 'WebhookDelivery' },
);

export const attemptSchema = Type.Object(
  {
    id,
    createdAt: time,
    durationMilliseconds: Type.Integer(),
    statusCode: nullable(Type.Integer()),
    error: nullable(Type.String({ description: 'Why no response arrived' })),
    responseStart: nullable(Type.String({ description: 'The first KiB of the response' })),
  },
  { title: 'WebhookAttempt' },
);

const status = Type.Optional(Type.Enum([...deliveryStatuses], { description: 'Deliveries in this status' }));

export const deliveryListQuerySchema = Type.Object({ limit, cursor, status }, strict);

export const resendSchema = Type.Object(
  {
    from: Type.String({
      ...acceptedTime,
      description: 'Start of the period in which deliveries were created, inclusive',
    }),
    to: Type.String({ ...acceptedTime, description: 'End of the period, exclusive' }),
    status,
  },
  { ...strict, title: 'WebhookResend' },
);

export const resentSchema = Type.Object(
  { resent: Type.Integer({ description: 'The number of deliveries' }) },
  { title: 'WebhooksResent' },
);

const ofEndpoint = { endpointId: Type.String({ format: 'uuid', description: 'The id of the endpoint' }) };
export const endpointParamsSchema = Type.Object(ofEndpoint, strict);
export const deliveryParamsSchema = Type.Object(
  { ...ofEndpoint, deliveryId: Type.String({ format: 'uuid', description: 'The id of the delivery' }) },
  strict,
);
