import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Pool } from 'pg';
import { Type } from 'typebox';
import { waitQueueOf } from '../db/wait-queue.ts';
import { callerOf, requireScope } from '../http/authentication.ts';
import { refuseWhileSlow } from '../http/request-hooks.ts';
import { refuseEmptyRange } from '../payments/payment-filter.ts';
import { errorResponses, acceptedTime, paymentListQuerySchema, strict } from '../http/schemas.ts';
import { Problem } from '../problems.ts';
import { entryReport, paymentReport, type Period, refundReport, type ReportFilter } from './report-rows.ts';
import { csv, newlineDelimitedJson, streamReport } from './report-stream.ts';

/** Options of {@link reportRoutes}. */
export interface ReportRoutesOptions {
  /** The pool for reads that tolerate replication lag. */
  readonly readPool: Pool;
  /** How long the first item in the queue of `readPool` may have waited before new requests are refused, in milliseconds. */
  readonly longestWaitMilliseconds: number;
}

const time = (description: string) => Type.String({ ...acceptedTime, description });
const period = { from: time('Start of the period, inclusive'), to: time('End of the period, exclusive') };
const periodQuery = Type.Object(period, strict);
const filters = Type.Omit(paymentListQuerySchema, ['limit', 'cursor', 'createdFrom', 'createdTo']);
const paymentQuery = Type.Object({ ...period, ...filters.properties }, strict);

const reports = [
  {
    name: 'payments',
    operationId: 'exportPayments',
    report: paymentReport,
    what: 'Payments created in a period',
    querystring: paymentQuery,
  },
  {
    name: 'refunds',
    operationId: 'exportRefunds',
    report: refundReport,
    what: 'Refunds of a period',
    querystring: periodQuery,
  },
  {
    name: 'ledger-entries',
    operationId: 'exportEntries',
    report: entryReport,
    what: 'Ledger entries of a period',
    querystring: periodQuery,
  },
] as const;
const formats = [
  { extension: 'csv', format: csv, as: 'as CSV', mediaType: 'text/csv', suffix: 'AsCsv' },
  {
    extension: 'ndjson',
    format: newlineDelimitedJson,
    as: 'as newline-delimited JSON',
    mediaType: 'application/x-ndjson',
    suffix: 'AsNdjson',
  },
] as const;

/** `/reports`: the rows of a period as a file, oldest first, of any size. */
export const reportRoutes: FastifyPluginAsyncTypebox<ReportRoutesOptions> = async (app, options) => {
  const { readPool, longestWaitMilliseconds } = options;
  refuseWhileSlow(app, waitQueueOf(readPool), longestWaitMilliseconds);
  for (const { name, operationId, report, what, querystring } of reports) {
    for (const { extension, format, as, mediaType, suffix } of formats) {
      app.get(
        `/reports/${name}.${extension}`,
        {
          onRequest: requireScope('reports:read'),
          schema: {
            operationId: `${operationId}${suffix}`,
            summary: `${what}, oldest first, ${as}`,
            querystring,
            response: {
              200: {
                description: `Amounts are decimals. Columns: ${report.columns.join(', ')}`,
                content: { [mediaType]: { schema: Type.String() } },
              },
              ...errorResponses,
            },
          },
        },
        async (request, reply) => {
          const wanted: Period & ReportFilter = request.query;
          const { from, to } = wanted;
          if (Date.parse(from) >= Date.parse(to))
            throw new Problem('validation-failed', 'The period is empty.', {
              errors: [{ pointer: '/to', detail: 'must be later than from' }],
            });
          refuseEmptyRange(wanted);
          const stream = await streamReport(readPool, callerOf(request), report, wanted, format);
          return (
            reply
              .type(format.contentType)
              .header('content-disposition', `attachment; filename="${name}.${extension}"`)
              // Fastify's types know only the string of the schema.
              .send(stream as unknown as string)
          );
        },
      );
    }
  }
};
