import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Pool } from 'pg';
import { principalOf, requireScope, type SessionSettings, signIn, signOut } from '../http/authentication.ts';
import { errorResponses, sessionSchema, signInSchema } from '../http/schemas.ts';
import type { Principal } from './merchant-repository.ts';

export interface SessionRoutesOptions {
  readonly pool: Pool;
  readonly settings: SessionSettings;
}

/** Only the console uses these routes. An API Gateway for other clients omits operations with this tag. */
const tags = ['console'];

/** `/session`: exchanges an API key for an HttpOnly cookie. */
export const sessionRoutes: FastifyPluginAsyncTypebox<SessionRoutesOptions> = async (app, { pool, settings }) => {
  app.post(
    '/session',
    {
      config: { problems: ['unauthenticated'] },
      schema: {
        operationId: 'signIn',
        summary: 'Sign in',
        tags,
        body: signInSchema,
        response: { 201: sessionSchema, ...errorResponses },
      },
    },
    async (request, reply) => reply.code(201).send(describe(await signIn(pool, settings, request.body.apiKey, reply))),
  );
  app.get(
    '/session',
    {
      onRequest: requireScope(),
      schema: {
        operationId: 'getSession',
        summary: 'Who is signed in',
        tags,
        response: { 200: sessionSchema, ...errorResponses },
      },
    },
    async (request) => describe(principalOf(request)),
  );
  app.delete(
    '/session',
    {
      schema: { operationId: 'signOut', summary: 'Sign out', tags, response: { 204: Type.Null(), ...errorResponses } },
    },
    async (request, reply) => {
      await signOut(pool, settings, request, reply);
      return reply.code(204).send(null);
    },
  );
};

function describe({ merchantId, merchantName, scopes, expiresAt, holder }: Principal) {
  return {
    merchant: { id: merchantId, name: merchantName },
    scopes: [...scopes],
    expiresAt: expiresAt?.toISOString() ?? null,
    person: holder.kind === 'person' ? { subject: holder.subject, name: holder.name, role: holder.role } : null,
  };
}
