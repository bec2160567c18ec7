import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { queryAs, queryOneAs } from '../db/merchant-query.ts';
import { callerOf, principalOf, requireScope } from '../http/authentication.ts';
import { decodeCursor, page } from '../http/cursor.ts';
import { prefersAsync } from '../http/preferences.ts';
import * as schemas from '../http/schemas.ts';
import { handleIdempotent } from './handle-idempotent.ts';
import { entriesOfPayment } from '../ledger/ledger-repository.ts';
import { prepareCapture, prepareRefund, prepareVoid } from './operation.ts';
import { paymentNotFound, toPublicPayment } from './payment.ts';
import type { EventActor } from './payment-events.ts';
import { refuseEmptyRange } from './payment-filter.ts';
import { eventsOf, pageOfPayments, paymentOf } from './payment-repository.ts';
import { pageOfRefunds } from './refund-repository.ts';
import type { PaymentService } from './payment-service.ts';

/** Options of {@link paymentRoutes}. */
export interface PaymentRoutesOptions {
  readonly pool: Pool;
  readonly payments: PaymentService;
}

/** `/payments` and `/refunds`: taking, finding and changing payments. */
export const paymentRoutes: FastifyPluginAsyncTypebox<PaymentRoutesOptions> = async (app, { pool, payments }) => {
  const reading = { onRequest: requireScope('payments:read') };
  const writing = { onRequest: requireScope('payments:write') };
  const { errorResponses, idParamsSchema: params } = schemas;

  app.post(
    '/payments',
    {
      ...writing,
      schema: {
        operationId: 'takePayment',
        summary: 'Take a payment',
        headers: schemas.preferHeaderSchema,
        querystring: schemas.newPaymentQuerySchema,
        body: schemas.newPaymentSchema,
        response: { 201: schemas.paymentSchema, 202: schemas.accepted, ...errorResponses },
      },
    },
    (request, reply) => {
      const queued = request.query.mode === 'async' || prefersAsync(request);
      return handleIdempotent(payments, request, reply, { newPayment: request.body, queued });
    },
  );

  app.get(
    '/payments',
    {
      ...reading,
      schema: {
        operationId: 'listPayments',
        summary: 'List payments, newest first',
        querystring: schemas.paymentListQuerySchema,
        response: { 200: schemas.pageOf(schemas.paymentSchema), ...errorResponses },
      },
    },
    async (request) => {
      const { limit: wanted = '25', cursor, ...filter } = request.query;
      refuseEmptyRange(filter);
      const limit = Number(wanted);
      const wantedPage = pageOfPayments(filter, decodeCursor(cursor), limit + 1);
      const rows = await queryAs(pool, callerOf(request), wantedPage);
      return page(rows.map(toPublicPayment), limit);
    },
  );

  app.get(
    '/payments/:id',
    {
      ...reading,
      schema: {
        operationId: 'getPayment',
        summary: 'Get a payment',
        params,
        response: { 200: schemas.paymentSchema, ...errorResponses },
      },
    },
    async (request) => {
      const { id } = request.params;
      const payment = await queryOneAs(pool, callerOf(request), paymentOf(id));
      if (!payment) throw paymentNotFound(id);
      return toPublicPayment(payment);
    },
  );

  app.post(
    '/payments/:id/capture',
    {
      ...writing,
      config: { problems: ['invalid-state', 'amount-exceeds-balance'] },
      schema: {
        operationId: 'capturePayment',
        summary: 'Capture an authorized payment in full or in part',
        params,
        body: schemas.captureSchema,
        response: {
          200: schemas.paymentSchema,
          202: schemas.accepted,
          402: schemas.operationDeclined,
          ...errorResponses,
        },
      },
    },
    (request, reply) =>
      handleIdempotent(
        payments,
        request,
        reply,
        prepareCapture(request.params.id, request.body.amountMinor, actorOf(request)),
      ),
  );

  app.post(
    '/payments/:id/void',
    {
      ...writing,
      config: { problems: ['invalid-state'] },
      schema: {
        operationId: 'voidPayment',
        summary: 'Void an authorized payment',
        params,
        body: schemas.voidSchema,
        response: {
          200: schemas.paymentSchema,
          202: schemas.accepted,
          402: schemas.operationDeclined,
          ...errorResponses,
        },
      },
    },
    (request, reply) => handleIdempotent(payments, request, reply, prepareVoid(request.params.id, actorOf(request))),
  );

  app.post(
    '/payments/:id/refunds',
    {
      onRequest: requireScope('refunds:write'),
      config: { problems: ['invalid-state', 'amount-exceeds-balance'] },
      schema: {
        operationId: 'refundPayment',
        summary: 'Refund a captured payment in full or in part',
        params,
        body: schemas.newRefundSchema,
        response: {
          201: schemas.refundResponseSchema,
          202: schemas.accepted,
          402: schemas.operationDeclined,
          ...errorResponses,
        },
      },
    },
    (request, reply) => {
      const { amountMinor, reason } = request.body;
      const refund = prepareRefund(request.params.id, amountMinor, reason, actorOf(request));
      return handleIdempotent(payments, request, reply, refund);
    },
  );

  app.get(
    '/refunds',
    {
      ...reading,
      schema: {
        operationId: 'listRefunds',
        summary: 'List refunds, newest first',
        querystring: schemas.refundListQuerySchema,
        response: { 200: schemas.pageOf(schemas.refundSchema), ...errorResponses },
      },
    },
    async (request) => {
      const { limit: wanted = '25', cursor, ...filter } = request.query;
      const limit = Number(wanted);
      const wantedPage = pageOfRefunds(filter, decodeCursor(cursor), limit + 1);
      return page(await queryAs(pool, callerOf(request), wantedPage), limit);
    },
  );

  app.get(
    '/payments/:id/events',
    {
      ...reading,
      schema: {
        operationId: 'listPaymentEvents',
        summary: 'Timeline of a payment',
        params,
        response: { 200: schemas.allOf(schemas.eventSchema), ...errorResponses },
      },
    },
    async (request) => {
      const { id } = request.params;
      const items = await queryAs(pool, callerOf(request), eventsOf(id));
      if (items.length === 0) throw paymentNotFound(id);
      return { items };
    },
  );

  app.get(
    '/payments/:id/entries',
    {
      onRequest: requireScope('reports:read'),
      schema: {
        operationId: 'listPaymentEntries',
        summary: 'Ledger entries of a payment',
        params,
        response: { 200: schemas.allOf(schemas.entrySchema), ...errorResponses },
      },
    },
    async (request) => {
      const { id } = request.params;
      const caller = callerOf(request);
      const items = await queryAs(pool, caller, entriesOfPayment(id));
      if (items.length === 0 && !(await queryOneAs(pool, caller, paymentOf(id)))) throw paymentNotFound(id);
      return { items };
    },
  );
};

function actorOf(request: FastifyRequest): EventActor {
  const { holder } = principalOf(request);
  return holder.kind === 'key'
    ? { kind: 'key', id: holder.id, name: holder.name }
    : { kind: 'person', id: holder.subject, name: holder.name };
}
