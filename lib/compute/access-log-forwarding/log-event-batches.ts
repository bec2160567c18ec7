/** One event as CloudWatch Logs takes it. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/**
 * What one call of PutLogEvents takes.
 *
 * An event may be larger by now; no line of a load balancer comes near to the older limit, which holds everywhere.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export const batchLimits = {
  events: 10_000,
  bytes: 1_048_576,
  overheadBytes: 26,
  eventBytes: 262_144,
  spanMilliseconds: 24 * 60 * 60 * 1000,
} as const;

/** What an event counts as: its message in UTF-8 and the overhead of each. */
export function sizeOf({ message }: LogEvent): number {
  return Buffer.byteLength(message) + batchLimits.overheadBytes;
}

/**
 * Events in batches that PutLogEvents accepts, each in chronological order; events of one moment keep the order they came in.
 *
 * Only one batch is held at a time, however large the log file is: between batches CloudWatch Logs asks for no order.
 *
 * @throws RangeError for an event that is larger than any batch may hold; whoever makes events refuses these first
 */
export async function* inBatches(events: AsyncIterable<LogEvent> | Iterable<LogEvent>): AsyncGenerator<LogEvent[]> {
  let batch: LogEvent[] = [];
  let bytes = 0;
  let earliest = Infinity;
  let latest = -Infinity;
  for await (const event of events) {
    const size = sizeOf(event);
    if (size > batchLimits.eventBytes) {
      throw new RangeError(`An event has ${size} bytes, but CloudWatch Logs takes ${batchLimits.eventBytes} at most.`);
    }
    const span = Math.max(latest, event.timestamp) - Math.min(earliest, event.timestamp);
    const isFull = batch.length === batchLimits.events || bytes + size > batchLimits.bytes;
    if (batch.length > 0 && (isFull || span > batchLimits.spanMilliseconds)) {
      yield chronological(batch);
      batch = [];
      bytes = 0;
      earliest = Infinity;
      latest = -Infinity;
    }
    batch.push(event);
    bytes += size;
    earliest = Math.min(earliest, event.timestamp);
    latest = Math.max(latest, event.timestamp);
  }
  if (batch.length > 0) yield chronological(batch);
}

function chronological(batch: readonly LogEvent[]): LogEvent[] {
  return batch.toSorted((one, other) => one.timestamp - other.timestamp);
}
