import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { callerOf, requireScope } from '../http/authentication.ts';
import { decodeCursor, page } from '../http/cursor.ts';
import { idParamsSchema, pageOf, pageQuerySchema, errorResponses } from '../http/schemas.ts';
import { idempotentRequestOf } from '../http/idempotent-request-of.ts';
import { Problem } from '../problems.ts';
import * as schemas from './document-schemas.ts';
import type { DocumentService } from './document-service.ts';

export interface DocumentRoutesOptions {
  /** `undefined` in an environment without a document store. */
  readonly documents: DocumentService | undefined;
}

/**
 * `/payments/{id}/documents`: register, list and get. Documents are evidence, so no route changes or deletes one; the lifecycle rule of the
 * store expires them.
 *
 * Without a store, every route returns 404. The routes stay in the OpenAPI document, which is the same for all environments.
 */
export const documentRoutes: FastifyPluginAsyncTypebox<DocumentRoutesOptions> = async (app, { documents }) => {
  const service = () => {
    if (!documents) throw new Problem('not-found', 'Documents are not available in this environment.');
    return documents;
  };
  const reading = [async () => void service(), requireScope('payments:read')];
  const writing = [async () => void service(), requireScope('payments:write')];

  app.post(
    '/payments/:id/documents',
    {
      onRequest: writing,
      schema: {
        operationId: 'registerDocument',
        summary: 'Register a document of a payment, and get the request that uploads it',
        params: idParamsSchema,
        body: schemas.newDocumentSchema,
        response: { 201: schemas.registrationSchema, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { replayed, ...registration } = await service().register(
        idempotentRequestOf(request),
        request.params.id,
        request.body,
      );
      if (replayed) void reply.header('Idempotent-Replayed', 'true');
      return reply.code(201).header('Cache-Control', 'no-store').send(registration);
    },
  );

  app.get(
    '/payments/:id/documents',
    {
      onRequest: reading,
      schema: {
        operationId: 'listDocuments',
        summary: 'Documents of a payment, newest first',
        params: idParamsSchema,
        querystring: pageQuerySchema,
        response: { 200: pageOf(schemas.documentSchema), ...errorResponses },
      },
    },
    async (request) => {
      const { limit: wanted = '25', cursor } = request.query;
      const limit = Number(wanted);
      const found = await service().list(callerOf(request), request.params.id, decodeCursor(cursor), limit + 1);
      return page(found, limit);
    },
  );

  app.get(
    '/payments/:id/documents/:documentId',
    {
      onRequest: reading,
      schema: {
        operationId: 'getDocument',
        summary: 'Get a document and, once it is uploaded, the request that downloads it',
        params: schemas.documentParamsSchema,
        response: { 200: schemas.documentResponseSchema, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { id, documentId } = request.params;
      void reply.header('Cache-Control', 'no-store');
      return service().get(callerOf(request), id, documentId);
    },
  );
};
