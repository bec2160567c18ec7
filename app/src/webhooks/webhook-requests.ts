import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { notFound } from '../administration/api-key-routes.ts';
import { queryOneAs } from '../db/merchant-query.ts';
import { callerOf, requireScope } from '../http/authentication.ts';
import { Problem } from '../problems.ts';
import type { Webhooks } from './create-webhooks.ts';
import { endpointOf, type WebhookEndpoint } from './endpoint-repository.ts';

/** Options of the routes of webhooks. */
export interface WebhookRoutesOptions {
  readonly pool: Pool;
  /** `undefined` in an environment without webhooks. */
  readonly webhooks: Webhooks | undefined;
}

/** The webhooks of the environment. @throws Problem `not-found` when it has none */
export function available(webhooks: Webhooks | undefined): Webhooks {
  if (!webhooks) throw new Problem('not-found', 'Webhooks are not available in this environment.');
  return webhooks;
}

/** What every route of webhooks requires: an environment with webhooks, and the scope. */
export function requireWebhooks(webhooks: Webhooks | undefined) {
  return [async () => void available(webhooks), requireScope('webhooks:write')];
}

/** Returns an endpoint of the caller. @throws Problem `not-found` */
export async function findEndpoint(pool: Pool, request: FastifyRequest, endpointId: string): Promise<WebhookEndpoint> {
  const found = await queryOneAs(pool, callerOf(request), endpointOf(endpointId));
  if (!found) throw notFound('webhook endpoint', endpointId);
  return found;
}
