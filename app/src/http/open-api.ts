import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

/** The document that describes the API; its paths and schemas are those that validate. */
export const openApi: FastifyDynamicSwaggerOptions = {
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
        session: { type: 'apiKey', in: 'cookie', name: 'session' },
      },
    },
    security: [{ apiKey: [] }, { session: [] }],
  },
};
