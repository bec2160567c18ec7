import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { Batcher } from '../db/batcher.ts';
import { sessionNameFor } from '../db/group-session-name.ts';
import { isStatementError } from '../db/statement-error.ts';
import { WaitQueue } from '../db/wait-queue.ts';
import { eventTypes, requestType } from '../payments/payment-events.ts';
import type { PaymentService } from '../payments/payment-service.ts';
import { withSpan, type TraceSpan, withChildSpan, type Tracing } from '../telemetry/tracing.ts';
import type { OutboxEvent } from './outbox-event.ts';
import { PoisonError } from './poison-error.ts';
import { traceHeadersOf } from './traced-transport.ts';

export interface EventConsumerDependencies {
  readonly pool: Pool;
  readonly payments: PaymentService;
  readonly logger: Pick<Logger, 'info'>;
  /** @default - no tracing */
  readonly tracing?: Tracing | undefined;
}

/**
 * Consumes events idempotently: processes a requested payment, or adds the event to the daily totals and to the deliveries of webhooks.
 * Concurrent events are consumed in batches.
 */
export class EventConsumer {
  readonly #dependencies: EventConsumerDependencies;
  readonly #totals: Batcher<OutboxEvent, boolean>;

  constructor(dependencies: EventConsumerDependencies) {
    const { pool, logger } = dependencies;
    this.#dependencies = dependencies;
    this.#totals = new Batcher(
      (events) => {
        const session = sessionNameFor(
          events.map(({ correlationId }) => correlationId),
          logger,
        );
        return countAll(pool, events, session);
      },
      // A queue of its own, because load shedding is about requests only. 500 is one delivery: 250 outbox entries with two events each.
      { maxBatchSize: 500, mayBeOneItem: isStatementError, line: new WaitQueue() },
    );
  }

  /** @throws PoisonError when the event can never be consumed; any other error when it should be redelivered */
  async consume(event: OutboxEvent): Promise<void> {
    const { tracing } = this.#dependencies;
    if (!tracing) return this.#consume(event, undefined);
    const { type, correlationId, traceHeader } = event;
    const span = tracing.startSpan({
      name: `consume ${type}`,
      kind: 'consumer',
      cause: traceHeadersOf(traceHeader),
      correlationId,
    });
    return withSpan(span, () => this.#consume(event, span));
  }

  /** Moves an event that can never be consumed from the outbox to `payments.parked_events`, with the reason. */
  async park({ id }: OutboxEvent, reason: string): Promise<void> {
    await this.#dependencies.pool.query('SELECT payments.park_event($1, $2)', [id, reason]);
  }

  async #consume(event: OutboxEvent, span: TraceSpan | undefined): Promise<void> {
    const { type, paymentId, merchantId } = event;
    if (type === requestType) return takePayment(this.#dependencies.payments, event, span);
    if (!(eventTypes as readonly string[]).includes(type)) {
      throw new PoisonError(`Unknown event type '${type}'.`);
    }
    if (!(await withChildSpan(span, 'database statement', () => this.#totals.add(event)))) {
      throw new PoisonError(`Merchant ${merchantId} has no payment ${paymentId}.`);
    }
  }
}

/** Adds events to the daily totals. Returns for each event whether its payment exists. */
async function countAll(pool: Pool, events: readonly OutboxEvent[], session: string): Promise<boolean[]> {
  const rows = events.map(({ id, merchantId, paymentId, type, createdAt, payload, correlationId }) => ({
    id,
    merchant_id: merchantId,
    payment_id: paymentId,
    type,
    created_at: createdAt,
    currency: payload.currency,
    amount_minor: payload.amountMinor,
    detail: payload.detail,
    correlation_id: correlationId,
  }));
  const counted = await pool.query<{ id: string }>({
    name: 'consume-events',
    text: `SELECT consumed AS id FROM set_config('application_name', $2, true), payments.consume_events($1) AS consumed`,
    values: [JSON.stringify(rows), session],
  });
  const known = new Set(counted.rows.map(({ id }) => id));
  return events.map(({ id }) => known.has(id));
}

async function takePayment(payments: PaymentService, event: OutboxEvent, span: TraceSpan | undefined): Promise<void> {
  const { id, merchantId, paymentId } = event;
  const outcome = await payments.finish({ ...event, span }, id);
  if (outcome === 'unknown') throw new PoisonError(`Merchant ${merchantId} has no payment ${paymentId}.`);
  if (outcome === 'held') throw new Error(`Payment ${paymentId} is locked by another process.`);
  if (outcome === 'unanswered') throw new Error(`The acquirer timed out for payment ${paymentId}.`);
}

/** The log fields of every consumer line. */
export const consumerFields = { component: 'consumer' } as const;

/** The log fields of an event. */
export function eventFields({ id, type, correlationId }: OutboxEvent) {
  return { eventId: id, eventType: type, correlationId };
}

/** The log fields of a consumer line about one event. */
export function consumerEventFields(event: OutboxEvent) {
  return { ...consumerFields, ...eventFields(event) };
}
