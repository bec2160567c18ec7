/** Something that happened to a payment, on its way to whoever listens. */
export interface OutboxEvent {
  /** The same in every delivery: whoever consumes it more than once can tell. */
  readonly id: string;
  readonly merchantId: string;
  readonly paymentId: string;
  readonly type: string;
  readonly payload: { readonly amountMinor: number; readonly currency: string; readonly detail: string | null };
  readonly createdAt: string;
  /** The request that caused it. */
  readonly correlationId: string;
  /** Its place in a trace, as `X-Amzn-Trace-Id` has it; `null` where tracing is off. */
  readonly traceHeader: string | null;
}

/** Brings events to their consumer. */
export interface OutboxTransport {
  /**
   * Delivers what it can and returns the ids of what arrived; the rest is sent again later. Events of one payment come in their order, and
   * nothing arrives before what did not arrive ahead of it.
   */
  deliver(events: readonly OutboxEvent[]): Promise<readonly string[]>;
}
