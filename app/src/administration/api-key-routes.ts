import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { inTransaction } from '../db/transaction.ts';
import { type Admission, principalOf } from '../http/authentication.ts';
import { decodeCursor, page } from '../http/cursor.ts';
import { errorResponses, pageOf, pageQuerySchema, strict } from '../http/schemas.ts';
import { scopes, type Scope } from '../merchants/roles.ts';
import { Problem } from '../problems.ts';
import { actorOf } from './actor.ts';
import * as schemas from './administration-schemas.ts';
import { type ApiKey, endApiKey, findApiKey, issueApiKey, listApiKeys } from './api-key-repository.ts';
import { Type } from 'typebox';

/** Options of {@link apiKeyRoutes}. */
export interface ApiKeyRoutesOptions {
  readonly pool: Pool;
  /** Where the merchant of the keys comes from: the path of an operator's request, or the credential of the merchant's own. */
  readonly owner: 'path' | 'credential';
  readonly admit: Admission;
  readonly tags: readonly string[];
}

/** The path parameter of the operations on one merchant. */
export const merchantIdOfPath = { merchantId: Type.String({ format: 'uuid', description: 'The id of the merchant' }) };

const dayInSeconds = 86_400;

/** `…/api-keys`: a merchant's keys, for the merchant itself and for operators. */
export const apiKeyRoutes: FastifyPluginAsyncTypebox<ApiKeyRoutesOptions> = async (app, options) => {
  const { pool, owner, admit: onRequest } = options;
  const tags = [...options.tags];
  const ofPath = owner === 'path' ? merchantIdOfPath : {};
  const params = Type.Object(ofPath, strict);
  const keyParams = Type.Object(
    { ...ofPath, keyId: Type.String({ format: 'uuid', description: 'The id of the key' }) },
    strict,
  );
  const whose = owner === 'path' ? 'Merchant' : '';
  const merchantOf = (request: FastifyRequest) =>
    owner === 'path' ? (request.params as { merchantId: string }).merchantId : principalOf(request).merchantId;

  app.get(
    '/api-keys',
    {
      onRequest,
      schema: {
        operationId: `list${whose}ApiKeys`,
        summary: 'List API keys, newest first',
        tags,
        params,
        querystring: pageQuerySchema,
        response: { 200: pageOf(schemas.apiKeySchema), ...errorResponses },
      },
    },
    async (request) => {
      const { limit: wanted = '25', cursor } = request.query;
      const limit = Number(wanted);
      return page(await listApiKeys(pool, merchantOf(request), decodeCursor(cursor), limit + 1), limit);
    },
  );

  app.post(
    '/api-keys',
    {
      onRequest,
      schema: {
        operationId: `issue${whose}ApiKey`,
        summary: 'Issue an API key',
        tags,
        params,
        body: schemas.newApiKeySchema,
        response: { 201: schemas.issuedApiKeySchema, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { name, scopes: granted, expiresAt = null } = request.body;
      refuseMoreThanOwn(request, granted);
      if (expiresAt !== null && isPast(expiresAt))
        throw new Problem('validation-failed', 'The key would have expired already.', {
          errors: [{ pointer: '/expiresAt', detail: 'must be in the future' }],
        });
      const actor = actorOf(request);
      const issued = await issueApiKey(pool, actor, merchantOf(request), { name, scopes: granted, expiresAt });
      if (!issued) throw notFound('merchant', merchantOf(request));
      request.log.info({ actor: actor.name, apiKeyId: issued.id }, 'API key issued');
      return reply.code(201).send(issued);
    },
  );

  app.post(
    '/api-keys/:keyId/roll',
    {
      onRequest,
      config: { problems: ['api-key-ended'] },
      schema: {
        operationId: `roll${whose}ApiKey`,
        summary: 'Issue a key with the same name, scopes and expiry; the old one expires',
        tags,
        params: keyParams,
        body: schemas.rollSchema,
        response: { 201: schemas.issuedApiKeySchema, ...errorResponses },
      },
    },
    async (request, reply) => {
      const [merchantId, { keyId }, actor] = [merchantOf(request), request.params, actorOf(request)];
      const { oldKeyValidSeconds = dayInSeconds } = request.body;
      const issued = await inTransaction(pool, async (client) => {
        const old = await findApiKey(client, merchantId, keyId);
        if (!old) throw notFound('API key', keyId);
        if (hasEnded(old))
          throw new Problem('api-key-ended', 'A revoked or expired key cannot be rolled. Issue a new one instead.');
        refuseMoreThanOwn(request, old.scopes);
        await endApiKey(client, actor, merchantId, keyId, oldKeyValidSeconds);
        return issueApiKey(client, actor, merchantId, old);
      });
      if (!issued) throw notFound('merchant', merchantId);
      request.log.info({ actor: actor.name, apiKeyId: issued.id, rolledKeyId: keyId }, 'API key rolled');
      return reply.code(201).send(issued);
    },
  );

  app.post(
    '/api-keys/:keyId/revoke',
    {
      onRequest,
      schema: {
        operationId: `revoke${whose}ApiKey`,
        summary: 'Revoke an API key and its sessions immediately',
        tags,
        params: keyParams,
        body: Type.Object({}, strict),
        response: { 200: schemas.apiKeySchema, ...errorResponses },
      },
    },
    async (request) => {
      const [{ keyId }, actor] = [request.params, actorOf(request)];
      const revoked = await endApiKey(pool, actor, merchantOf(request), keyId, 0);
      if (!revoked) throw notFound('API key', keyId);
      request.log.info({ actor: actor.name, apiKeyId: keyId }, 'API key revoked');
      return revoked;
    },
  );
};

const isPast = (time: string) => Date.parse(time) <= Date.now();
const hasEnded = ({ revokedAt, expiresAt }: ApiKey) => revokedAt !== null || (expiresAt !== null && isPast(expiresAt));

/** A merchant's key cannot grant what it may not do itself; an operator grants any scope. */
function refuseMoreThanOwn(request: FastifyRequest, granted: readonly Scope[]): void {
  const own = request.operatorKeyId === null ? principalOf(request).scopes : scopes;
  const missing = granted.filter((scope) => !own.includes(scope));
  if (missing.length > 0)
    throw new Problem('insufficient-scope', `Your key cannot grant scopes that it lacks: ${missing.join(', ')}.`);
}

/** 404. The id of another merchant's key gets the same answer as an unknown one. */
export function notFound(what: string, id: string): Problem {
  return new Problem('not-found', `There is no ${what} ${id}.`);
}
