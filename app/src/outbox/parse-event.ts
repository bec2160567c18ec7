import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { isCorrelationId } from '../correlation-id.ts';
import type { OutboxEvent } from './outbox-event.ts';
import { PoisonError } from './poison-error.ts';

const id = Type.String({ format: 'uuid' });

/** Additional properties are allowed, because a newer version may add fields. */
const schema = Type.Object({
  id,
  merchantId: id,
  paymentId: id,
  type: Type.String(),
  payload: Type.Object({
    amountMinor: Type.Integer(),
    currency: Type.String(),
    detail: Type.Union([Type.String(), Type.Null()]),
  }),
  createdAt: Type.String({ format: 'date-time' }),
  correlationId: Type.Refine(Type.String(), isCorrelationId),
  traceHeader: Type.Union([Type.String(), Type.Null()]),
});

/**
 * Parses the body of a message.
 *
 * @throws PoisonError when it is not a valid event
 */
export function parseEvent(body: string): OutboxEvent {
  const value = parsed(body);
  if (Value.Check(schema, value)) return value;
  const [error] = Value.Errors(schema, value);
  throw new PoisonError(
    `The message is not a valid event: ${error?.instancePath ?? ''} ${error?.message ?? 'is not valid'}.`,
  );
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new PoisonError('The message is not a valid event: it is not JSON.');
  }
}
