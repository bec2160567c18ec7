/** An `InputLogEvent` of CloudWatch Logs. */
export interface LogEvent {
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/**
 * Limits of one `PutLogEvents` call.
 *
 * AWS has raised the event size since. Lines of a load balancer stay far below this earlier limit, which applies in every region.
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

/** The bytes that an event counts: its message in UTF-8 and a fixed overhead. */
export function sizeOf({ message }: LogEvent): number {
  return Buffer.byteLength(message) + batchLimits.overheadBytes;
}

/**
 * Groups events into batches that `PutLogEvents` accepts, each in chronological order. Events with the same timestamp keep their order.
 *
 * Holds one batch in memory, whatever the size of the log file. CloudWatch Logs requires no order between batches.
 *
 * @throws RangeError for an event above the size limit; callers filter these out first
 */
export async function* inBatches(events: AsyncIterable<LogEvent> | Iterable<LogEvent>): AsyncGenerator<LogEvent[]> {
  let batch: LogEvent[] = [];
  let bytes = 0;
  let earliest = Infinity;
  let latest = -Infinity;
  for await (const event of events) {
    const size = sizeOf(event);
    if (size > batchLimits.eventBytes) {
      throw new RangeError(
        `An event has ${size} bytes, and CloudWatch Logs accepts at most ${batchLimits.eventBytes}.`,
      );
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
