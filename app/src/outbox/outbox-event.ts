/** An event about a payment in the transactional outbox. */
export interface OutboxEvent {
  /** The same in every delivery, so that consumers can detect duplicates. */
  readonly id: string;
  readonly merchantId: string;
  readonly paymentId: string;
  readonly type: string;
  readonly payload: { readonly amountMinor: number; readonly currency: string; readonly detail: string | null };
  readonly createdAt: string;
  /** The correlation id of the request that caused the event. */
  readonly correlationId: string;
  /** The trace context in the format of `X-Amzn-Trace-Id`; `null` if tracing is off. */
  readonly traceHeader: string | null;
}

/** Delivers events to their consumer. */
export interface OutboxTransport {
  /**
   * Delivers events in order per payment, and returns the ids of the delivered ones. An event that fails blocks the later events of its
   * payment; the relay redelivers them.
   */
  deliver(events: readonly OutboxEvent[]): Promise<readonly string[]>;
}
