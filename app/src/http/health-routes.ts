import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Pool } from 'pg';
import { Type } from 'typebox';
import { overloaded } from '../problems.ts';
import { errorResponses } from './schemas.ts';

const healthy = Type.Object({ status: Type.Literal('ok') });

/** `/health`: the process responds. `/ready`: it can query its database. Neither requires authentication or reveals more. */
export const healthRoutes: FastifyPluginAsyncTypebox<{ readonly pool: Pool }> = async (app, { pool }) => {
  app.get('/health', { schema: { hide: true, response: { 200: healthy } } }, () => ({ status: 'ok' as const }));
  app.get('/ready', { schema: { hide: true, response: { 200: healthy, ...errorResponses } } }, async (request) => {
    try {
      await pool.query('SELECT 1');
    } catch (error) {
      request.log.warn({ err: error }, 'not ready: the database cannot be reached');
      throw overloaded(2, 'The database is temporarily unavailable');
    }
    return { status: 'ok' as const };
  });
};
