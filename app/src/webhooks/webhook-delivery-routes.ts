import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { notFound } from '../administration/api-key-routes.ts';
import { queryAs, queryOneAs } from '../db/merchant-query.ts';
import { callerOf, principalOf } from '../http/authentication.ts';
import { decodeCursor, page } from '../http/cursor.ts';
import { errorResponses, pageOf, pageQuerySchema } from '../http/schemas.ts';
import { Problem } from '../problems.ts';
import * as deliveries from './delivery-list-repository.ts';
import { findEndpoint, requireWebhooks, type WebhookRoutesOptions } from './webhook-requests.ts';
import * as schemas from './webhook-schemas.ts';

/** `/webhook-endpoints/:endpointId/deliveries`: what was sent to an endpoint, sending it again, and test events. */
export const webhookDeliveryRoutes: FastifyPluginAsyncTypebox<WebhookRoutesOptions> = async (
  app,
  { pool, webhooks },
) => {
  const onRequest = requireWebhooks(webhooks);
  const params = schemas.endpointParamsSchema;
  const findDelivery = async (request: FastifyRequest, endpointId: string, deliveryId: string) => {
    await findEndpoint(pool, request, endpointId);
    const found = await queryOneAs(pool, callerOf(request), deliveries.deliveryOf(endpointId, deliveryId));
    if (!found) throw notFound('webhook delivery', deliveryId);
    return found;
  };

  app.post(
    '/webhook-endpoints/:endpointId/test',
    {
      onRequest,
      schema: {
        operationId: 'sendTestWebhook',
        summary: 'Send a test event of type `webhook.test`',
        params,
        body: schemas.emptySchema,
        response: { 202: schemas.deliverySchema, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { endpointId } = request.params;
      const added = await deliveries.addTestDelivery(pool, principalOf(request).merchantId, endpointId, request.id);
      if (added === undefined) throw notFound('webhook endpoint', endpointId);
      return reply.code(202).send(await findDelivery(request, endpointId, added));
    },
  );

  app.get(
    '/webhook-endpoints/:endpointId/deliveries',
    {
      onRequest,
      schema: {
        operationId: 'listWebhookDeliveries',
        summary: 'List deliveries to a webhook endpoint, newest first',
        params,
        querystring: schemas.deliveryListQuerySchema,
        response: { 200: pageOf(schemas.deliverySchema), ...errorResponses },
      },
    },
    async (request) => {
      const { endpointId } = request.params;
      const { limit = '25', cursor, status } = request.query;
      const size = Number(limit);
      const wanted = deliveries.pageOfDeliveries(endpointId, status, decodeCursor(cursor), size + 1);
      await findEndpoint(pool, request, endpointId);
      return page(await queryAs(pool, callerOf(request), wanted), size);
    },
  );

  app.get(
    '/webhook-endpoints/:endpointId/deliveries/:deliveryId/attempts',
    {
      onRequest,
      schema: {
        operationId: 'listWebhookAttempts',
        summary: 'List attempts of a delivery, newest first',
        params: schemas.deliveryParamsSchema,
        querystring: pageQuerySchema,
        response: { 200: pageOf(schemas.attemptSchema), ...errorResponses },
      },
    },
    async (request) => {
      const { endpointId, deliveryId } = request.params;
      const size = Number(request.query.limit ?? '25');
      const wanted = deliveries.pageOfAttempts(deliveryId, decodeCursor(request.query.cursor), size + 1);
      await findDelivery(request, endpointId, deliveryId);
      return page(await queryAs(pool, callerOf(request), wanted), size);
    },
  );

  app.post(
    '/webhook-endpoints/:endpointId/deliveries/:deliveryId/resend',
    {
      onRequest,
      schema: {
        operationId: 'resendWebhook',
        summary: 'Send a delivery again',
        params: schemas.deliveryParamsSchema,
        body: schemas.emptySchema,
        response: { 202: schemas.deliverySchema, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { endpointId, deliveryId } = request.params;
      await findDelivery(request, endpointId, deliveryId);
      await deliveries.resendDeliveries(pool, principalOf(request).merchantId, endpointId, { id: deliveryId });
      return reply.code(202).send(await findDelivery(request, endpointId, deliveryId));
    },
  );

  app.post(
    '/webhook-endpoints/:endpointId/resend',
    {
      onRequest,
      schema: {
        operationId: 'resendWebhooks',
        summary: 'Send the deliveries of a period again',
        params,
        body: schemas.resendSchema,
        response: { 202: schemas.resentSchema, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { endpointId } = request.params;
      await findEndpoint(pool, request, endpointId);
      const { merchantId } = principalOf(request);
      const resent = await deliveries.resendDeliveries(pool, merchantId, endpointId, request.body);
      if (resent === undefined)
        throw new Problem('validation-failed', 'More than 10,000 deliveries match. Choose a shorter period.', {
          errors: [{ pointer: '/to', detail: 'must be earlier' }],
        });
      return reply.code(202).send({ resent });
    },
  );
};
