import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Pool } from 'pg';
import { queryAs } from '../db/merchant-query.ts';
import { waitQueueOf } from '../db/wait-queue.ts';
import { callerOf, requireScope } from '../http/authentication.ts';
import { decodeCursor, page } from '../http/cursor.ts';
import { refuseWhileSlow } from '../http/request-hooks.ts';
import * as schemas from '../http/schemas.ts';
import { dailyTotals, declineCounts } from './daily-totals.ts';
import { balances, pageOfEntries } from './ledger-repository.ts';

/** Options of {@link ledgerRoutes}. */
export interface LedgerRoutesOptions {
  /** The pool for reads that tolerate replication lag. */
  readonly readPool: Pool;
  /** How long the first item in the queue of `readPool` may have waited before new requests are refused, in milliseconds. */
  readonly longestWaitMilliseconds: number;
}

/** `/ledger` and `/summary`: entries, balances, daily totals and declines. */
export const ledgerRoutes: FastifyPluginAsyncTypebox<LedgerRoutesOptions> = async (
  app,
  { readPool, longestWaitMilliseconds },
) => {
  refuseWhileSlow(app, waitQueueOf(readPool), longestWaitMilliseconds);
  const reading = { onRequest: requireScope('reports:read') };
  const { errorResponses } = schemas;

  app.get(
    '/ledger/entries',
    {
      ...reading,
      schema: {
        operationId: 'listEntries',
        summary: 'List ledger entries, newest first',
        querystring: schemas.entryListQuerySchema,
        response: { 200: schemas.pageOf(schemas.entrySchema), ...errorResponses },
      },
    },
    async (request) => {
      const { limit: wanted = '25', cursor, ...filter } = request.query;
      const limit = Number(wanted);
      const wantedPage = pageOfEntries(filter, decodeCursor(cursor), limit + 1);
      const rows = await queryAs(readPool, callerOf(request), wantedPage);
      return page(rows, limit);
    },
  );

  app.get(
    '/ledger/balances',
    {
      ...reading,
      schema: {
        operationId: 'listBalances',
        summary: 'Balances of all accounts',
        response: { 200: schemas.allOf(schemas.balanceSchema), ...errorResponses },
      },
    },
    async (request) => ({ items: await queryAs(readPool, callerOf(request), balances) }),
  );

  app.get(
    '/summary/daily',
    {
      ...reading,
      schema: {
        operationId: 'listDailyTotals',
        summary: 'Totals of each day and currency, newest first',
        querystring: schemas.dailyTotalQuerySchema,
        response: { 200: schemas.allOf(schemas.dailyTotalSchema), ...errorResponses },
      },
    },
    async (request) => {
      const { from, to } = request.query;
      return {
        items: await queryAs(readPool, callerOf(request), dailyTotals(from, to)),
      };
    },
  );

  app.get(
    '/summary/declines',
    {
      ...reading,
      schema: {
        operationId: 'listDeclineCounts',
        summary: 'Declined payments of a period by currency and reason, most frequent first',
        querystring: schemas.dailyTotalQuerySchema,
        response: { 200: schemas.allOf(schemas.declineCountSchema), ...errorResponses },
      },
    },
    async (request) => {
      const { from, to } = request.query;
      return { items: await queryAs(readPool, callerOf(request), declineCounts(from, to)) };
    },
  );
};
