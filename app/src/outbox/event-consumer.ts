import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { sessionNameOf } from '../correlation-id.ts';
import { eventTypes, requestType } from '../payments/payment-events.ts';
import type { PaymentService } from '../payments/payment-service.ts';
import { during, type TraceSpan, traced, type Tracing } from '../telemetry/tracing.ts';
import type { OutboxEvent } from './outbox-event.ts';
import { PoisonError } from './poison-error.ts';
import { causeOf } from './traced-transport.ts';

/** What the consumer works with. */
export interface EventConsumerDependencies {
  readonly pool: Pool;
  readonly payments: PaymentService;
  /** @default - what the consumer does is not traced */
  readonly tracing?: Tracing | undefined;
}

/**
 * Consumes one event, once, however often it is delivered: takes the payment that it asks for, or adds what it tells of to the totals of
 * its day.
 *
 * @throws PoisonError when it can never be consumed; any other error when it should be delivered again
 */
export async function consumeEvent(consumer: EventConsumerDependencies, event: OutboxEvent): Promise<void> {
  const { tracing } = consumer;
  if (!tracing) return consume(consumer, event, undefined);
  const { type, correlationId, traceHeader } = event;
  const span = tracing.begin({
    name: `consume ${type}`,
    kind: 'consumer',
    cause: causeOf(traceHeader),
    correlationId,
  });
  return during(span, () => consume(consumer, event, span));
}

async function consume(
  { pool, payments }: EventConsumerDependencies,
  event: OutboxEvent,
  span: TraceSpan | undefined,
): Promise<void> {
  if (event.type === requestType) return takePayment(payments, event, span);
  if (!(eventTypes as readonly string[]).includes(event.type)) {
    throw new PoisonError(`No consumer knows events of type '${event.type}'.`);
  }
  const { id, merchantId, paymentId, type, payload, createdAt, correlationId } = event;
  const query = () =>
    pool.query<{ consumed: boolean | null }>(
      `SELECT payments.consume_event($1, $2, $3, ($4::timestamptz AT TIME ZONE 'UTC')::date, $5, $6, $7) AS consumed
     FROM set_config('application_name', $8, true)`,
      [id, merchantId, paymentId, createdAt, payload.currency, type, payload.amountMinor, sessionNameOf(correlationId)],
    );
  const { rows } = await traced(span, 'database statement', query);
  if (rows[0]?.consumed === null) throw new PoisonError(`There is no payment ${paymentId} of merchant ${merchantId}.`);
}

async function takePayment(payments: PaymentService, event: OutboxEvent, span: TraceSpan | undefined): Promise<void> {
  const { id, merchantId, paymentId } = event;
  const outcome = await payments.finishQueued({ ...event, span }, id);
  if (outcome === 'unknown') throw new PoisonError(`There is no payment ${paymentId} of merchant ${merchantId}.`);
  if (outcome === 'held') throw new Error(`Somebody else works on payment ${paymentId} just now.`);
  if (outcome === 'unanswered') throw new Error(`The acquirer did not answer for payment ${paymentId} in time.`);
}

/** A log whose every line names the event, and the request that caused it. */
export function consumerLog(logger: Logger, { id, type, correlationId }: OutboxEvent): Logger {
  return logger.child({ component: 'consumer', eventId: id, eventType: type, correlationId });
}
