import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

const idempotencyKey = {
  'Idempotency-Key': {
    type: 'string',
    pattern: '^[\\x21-\\x7e]{1,255}$',
    description: 'New for each intention, the same in each retry',
  },
};

/** The headers of a request that changes something: its key, and those of its own route. */
function withKey(headers: unknown) {
  const { properties = {} } = (headers ?? {}) as { readonly properties?: object };
  return { type: 'object', required: ['Idempotency-Key'], properties: { ...idempotencyKey, ...properties } };
}

/** The document that describes the API; its paths and schemas are those that validate. */
export const openApi = (cookieName: string): FastifyDynamicSwaggerOptions => ({
  // Checked by the handler, not by a schema, so that a missing key is refused with a problem of its own.
  transform: ({ schema, url, route: { method } }) => ({
    url,
    schema: method === 'POST' && !url.endsWith('/session') ? { ...schema, headers: withKey(schema.headers) } : schema,
  }),
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Payments API',
      version: '1.0.0',
      description:
        'Amounts are integers in minor units. Every POST but signing in needs an Idempotency-Key: the same key and body give the same answer.',
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: cookieName },
      },
    },
    security: [{ apiKey: [] }, { session: [] }],
  },
});
