import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { v7 as uuid } from 'uuid';
import { actorOf } from '../administration/actor.ts';
import { notFound } from '../administration/api-key-routes.ts';
import { queryAs } from '../db/merchant-query.ts';
import { callerOf, principalOf } from '../http/authentication.ts';
import { decodeCursor, page } from '../http/cursor.ts';
import { errorResponses, pageOf, pageQuerySchema } from '../http/schemas.ts';
import { Problem } from '../problems.ts';
import type { Webhooks } from './create-webhooks.ts';
import { parseDestination, RefusedDestinationError } from './destination.ts';
import * as endpoints from './endpoint-repository.ts';
import { generateSigningSecret } from './signature.ts';
import { available, findEndpoint, requireWebhooks, type WebhookRoutesOptions } from './webhook-requests.ts';
import * as schemas from './webhook-schemas.ts';

const dayInSeconds = 86_400;

/**
 * `/webhook-endpoints`: where a merchant receives events.
 *
 * Without webhooks, every route returns 404. The routes stay in the OpenAPI document, which is the same for all environments.
 */
export const webhookEndpointRoutes: FastifyPluginAsyncTypebox<WebhookRoutesOptions> = async (
  app,
  { pool, webhooks },
) => {
  const onRequest = requireWebhooks(webhooks);
  const ownerOf = (request: FastifyRequest): endpoints.EndpointOwner => ({
    merchantId: principalOf(request).merchantId,
    actor: actorOf(request),
  });
  const find = (request: FastifyRequest, endpointId: string) => findEndpoint(pool, request, endpointId);
  /** Returns an endpoint after an act on it, and logs the act. */
  const acted = async (request: FastifyRequest, endpointId: string, isFound: boolean, done: string) => {
    if (!isFound) throw notFound('webhook endpoint', endpointId);
    request.log.info({ actor: actorOf(request).name, webhookEndpointId: endpointId }, done);
  };
  const params = schemas.endpointParamsSchema;

  app.get(
    '/webhook-endpoints',
    {
      onRequest,
      schema: {
        operationId: 'listWebhookEndpoints',
        summary: 'List webhook endpoints, newest first',
        querystring: pageQuerySchema,
        response: { 200: pageOf(schemas.endpointSchema), ...errorResponses },
      },
    },
    async (request) => {
      const size = Number(request.query.limit ?? '25');
      const wanted = endpoints.pageOfEndpoints(decodeCursor(request.query.cursor), size + 1);
      return page(await queryAs(pool, callerOf(request), wanted), size);
    },
  );

  app.post(
    '/webhook-endpoints',
    {
      onRequest,
      config: { problems: ['webhook-endpoint-limit'] },
      schema: {
        operationId: 'createWebhookEndpoint',
        summary: 'Create a webhook endpoint',
        body: schemas.endpointBodySchema,
        response: { 201: schemas.endpointWithSecretSchema, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { secrets, policy } = available(webhooks);
      const choice = allowed(request.body, policy);
      const [id, secret] = [uuid(), generateSigningSecret()];
      const created = await endpoints.createEndpoint(pool, ownerOf(request), id, choice, secrets.seal(id, secret));
      if (!created)
        throw new Problem('webhook-endpoint-limit', 'A merchant can have 16 webhook endpoints. Change or delete one.');
      await acted(request, id, created, 'webhook endpoint created');
      return reply.code(201).send({ ...(await find(request, id)), secret });
    },
  );

  app.get(
    '/webhook-endpoints/:endpointId',
    {
      onRequest,
      schema: {
        operationId: 'getWebhookEndpoint',
        summary: 'Get a webhook endpoint',
        params,
        response: { 200: schemas.endpointSchema, ...errorResponses },
      },
    },
    async (request) => find(request, request.params.endpointId),
  );

  app.put(
    '/webhook-endpoints/:endpointId',
    {
      onRequest,
      schema: {
        operationId: 'changeWebhookEndpoint',
        summary: 'Change URL, event types and description of a webhook endpoint',
        params,
        body: schemas.endpointBodySchema,
        response: { 200: schemas.endpointSchema, ...errorResponses },
      },
    },
    async (request) => {
      const { endpointId } = request.params;
      const choice = allowed(request.body, available(webhooks).policy);
      const changed = await endpoints.changeEndpoint(pool, ownerOf(request), endpointId, choice);
      await acted(request, endpointId, changed, 'webhook endpoint changed');
      return find(request, endpointId);
    },
  );

  app.delete(
    '/webhook-endpoints/:endpointId',
    {
      onRequest,
      schema: {
        operationId: 'deleteWebhookEndpoint',
        summary: 'Delete a webhook endpoint',
        params,
        response: { 204: Type.Null(), ...errorResponses },
      },
    },
    async (request, reply) => {
      const { endpointId } = request.params;
      const deleted = await endpoints.deleteEndpoint(pool, ownerOf(request), endpointId);
      await acted(request, endpointId, deleted, 'webhook endpoint deleted');
      return reply.code(204).send(null);
    },
  );

  for (const [path, enable, summary] of [
    ['enable', true, 'Enable a webhook endpoint: the events that waited are sent'],
    ['disable', false, 'Disable a webhook endpoint: its events wait, for 30 days at most'],
  ] as const) {
    app.post(
      `/webhook-endpoints/:endpointId/${path}`,
      {
        onRequest,
        schema: {
          operationId: `${path}WebhookEndpoint`,
          summary,
          params,
          body: schemas.emptySchema,
          response: { 200: schemas.endpointSchema, ...errorResponses },
        },
      },
      async (request) => {
        const { endpointId } = request.params;
        const found = await endpoints.enableEndpoint(pool, ownerOf(request), endpointId, enable);
        await acted(request, endpointId, found, `webhook endpoint ${path}d`);
        return find(request, endpointId);
      },
    );
  }

  app.post(
    '/webhook-endpoints/:endpointId/roll',
    {
      onRequest,
      schema: {
        operationId: 'rollWebhookSecret',
        summary: 'Issue a new signing secret; the old one signs beside it for a while',
        params,
        body: schemas.rollSchema,
        response: { 201: schemas.endpointWithSecretSchema, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { endpointId } = request.params;
      const { oldSecretValidSeconds = dayInSeconds } = request.body;
      const secret = generateSigningSecret();
      const sealed = available(webhooks).secrets.seal(endpointId, secret);
      const rolled = await endpoints.rollSecret(pool, ownerOf(request), endpointId, sealed, oldSecretValidSeconds);
      await acted(request, endpointId, rolled, 'webhook secret rolled');
      return reply.code(201).send({ ...(await find(request, endpointId)), secret });
    },
  );
};

/**
 * Returns the choice with its URL as the parser writes it, which contains no character that the database cannot store.
 *
 * @throws Problem `validation-failed` when webhooks may not go to the URL
 */
function allowed(choice: endpoints.EndpointChoice, policy: Webhooks['policy']): endpoints.EndpointChoice {
  try {
    return { ...choice, url: parseDestination(choice.url, policy).href };
  } catch (error) {
    if (!(error instanceof RefusedDestinationError)) throw error;
    throw new Problem('validation-failed', 'The URL is not allowed. See errors.', {
      errors: [{ pointer: '/url', detail: error.message }],
    });
  }
}
