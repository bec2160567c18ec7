import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

const idempotencyKey = {
  'Idempotency-Key': {
    type: 'string',
    pattern: '^[\\x21-\\x7e]{1,255}$',
    description: 'New for each intention, the same in each retry',
  },
};

/** Operations that move no money. */
const isWithoutKey = /^\/api\/v1\/(session$|api-keys|admin\/)/;

/** Adds the Idempotency-Key to the headers of a route. */
function withKey(headers: unknown) {
  const { properties = {} } = (headers ?? {}) as { readonly properties?: object };
  return { type: 'object', required: ['Idempotency-Key'], properties: { ...idempotencyKey, ...properties } };
}

/** Options that generate the OpenAPI document from the route schemas. */
export const openApi = (cookieName: string): FastifyDynamicSwaggerOptions => ({
  // Documentation only: the handler checks the key, so that a missing one has its own problem type.
  transform: ({ schema, url, route: { method } }) => ({
    url,
    schema: method === 'POST' && !isWithoutKey.test(url) ? { ...schema, headers: withKey(schema.headers) } : schema,
  }),
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Payments API',
      version: '1.0.0',
      description:
        'Amounts are integers in minor units. Every POST that moves money or stores a document needs an Idempotency-Key: the same key and body give the same answer.',
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
