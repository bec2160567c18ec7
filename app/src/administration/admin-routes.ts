import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Pool } from 'pg';
import { requireOperator } from '../http/authentication.ts';
import { decodeCursor, page } from '../http/cursor.ts';
import { cursor, errorResponses, limit, pageOf, pageQuerySchema, strict } from '../http/schemas.ts';
import { Problem } from '../problems.ts';
import { actorOf } from './actor.ts';
import * as schemas from './administration-schemas.ts';
import { apiKeyRoutes, merchantIdOfPath, notFound } from './api-key-routes.ts';
import { listAuditEntries } from './audit-repository.ts';
import * as repository from './merchant-admin-repository.ts';

const params = Type.Object(merchantIdOfPath, strict);

/** Only operators use these routes. An API Gateway omits operations with this tag. */
const tags = ['operator'];

/** `/admin`: merchants, their keys and certificates, and the audit entries, for operators. */
export const adminRoutes: FastifyPluginAsyncTypebox<{ readonly pool: Pool }> = async (app, { pool }) => {
  const onRequest = requireOperator();

  /** Logs an act on a merchant that must exist. */
  const acted = (
    request: FastifyRequest,
    merchantId: string,
    merchant: repository.Merchant | undefined,
    done: string,
  ) => {
    if (!merchant) throw notFound('merchant', merchantId);
    request.log.info({ actor: actorOf(request).name, merchantId }, done);
    return merchant;
  };

  app.get(
    '/merchants',
    {
      onRequest,
      schema: {
        operationId: 'listMerchants',
        summary: 'List merchants, newest first',
        tags,
        querystring: pageQuerySchema,
        response: { 200: pageOf(schemas.merchantSchema), ...errorResponses },
      },
    },
    async (request) => {
      const size = Number(request.query.limit ?? '25');
      return page(await repository.listMerchants(pool, decodeCursor(request.query.cursor), size + 1), size);
    },
  );

  app.post(
    '/merchants',
    {
      onRequest,
      config: { problems: ['merchant-exists'] },
      schema: {
        operationId: 'createMerchant',
        summary: 'Create a merchant',
        tags,
        body: schemas.newMerchantSchema,
        response: { 201: schemas.merchantSchema, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { name } = request.body;
      const created = await repository.createMerchant(pool, actorOf(request), name);
      if (!created)
        throw new Problem(
          'merchant-exists',
          'Another merchant has this name. Choose another one, or list the merchants.',
        );
      return reply.code(201).send(acted(request, created.id, created, 'merchant created'));
    },
  );

  for (const [path, suspend, summary, done] of [
    ['suspend', true, 'Suspend a merchant: its keys and sessions are refused', 'merchant suspended'],
    ['reactivate', false, 'Reactivate a suspended merchant', 'merchant reactivated'],
  ] as const) {
    app.post(
      `/merchants/:merchantId/${path}`,
      {
        onRequest,
        schema: {
          operationId: `${path}Merchant`,
          summary,
          tags,
          params,
          body: Type.Object({}, strict),
          response: { 200: schemas.merchantSchema, ...errorResponses },
        },
      },
      async (request) => {
        const { merchantId } = request.params;
        const merchant = await repository.suspendMerchant(pool, actorOf(request), merchantId, suspend);
        return acted(request, merchantId, merchant, done);
      },
    );
  }

  app.put(
    '/merchants/:merchantId/client-certificate',
    {
      onRequest,
      schema: {
        operationId: 'bindClientCertificate',
        summary: 'Bind a merchant to a client certificate',
        tags,
        params,
        body: schemas.clientCertificateSchema,
        response: { 200: schemas.merchantSchema, ...errorResponses },
      },
    },
    async (request) => {
      const { merchantId } = request.params;
      const merchant = await repository.setClientCertificate(pool, actorOf(request), merchantId, request.body.subject);
      return acted(request, merchantId, merchant, 'client certificate bound');
    },
  );

  app.delete(
    '/merchants/:merchantId/client-certificate',
    {
      onRequest,
      schema: {
        operationId: 'unbindClientCertificate',
        summary: 'Unbind a merchant from its client certificate; its next request binds it',
        tags,
        params,
        response: { 200: schemas.merchantSchema, ...errorResponses },
      },
    },
    async (request) => {
      const { merchantId } = request.params;
      const merchant = await repository.setClientCertificate(pool, actorOf(request), merchantId, null);
      return acted(request, merchantId, merchant, 'client certificate unbound');
    },
  );

  app.get(
    '/audit-entries',
    {
      onRequest,
      schema: {
        operationId: 'listAuditEntries',
        summary: 'List audit entries, newest first',
        tags,
        querystring: Type.Object(
          {
            limit,
            cursor,
            merchantId: Type.Optional(Type.String({ format: 'uuid', description: 'Acts on this merchant' })),
          },
          strict,
        ),
        response: { 200: pageOf(schemas.auditEntrySchema), ...errorResponses },
      },
    },
    async (request) => {
      const { merchantId } = request.query;
      const size = Number(request.query.limit ?? '25');
      return page(await listAuditEntries(pool, merchantId, decodeCursor(request.query.cursor), size + 1), size);
    },
  );

  await app.register(apiKeyRoutes, { prefix: '/merchants/:merchantId', pool, owner: 'path', admit: onRequest, tags });
};
