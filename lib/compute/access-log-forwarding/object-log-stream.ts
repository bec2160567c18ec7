import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  type RejectedLogEventsInfo,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent } from './log-event-batches';

/** The result of forwarding one log file. */
export interface ForwardingSummary {
  /** Lines in the log group. */
  readonly requests: number;
  /** Lines that could not be parsed. */
  readonly malformed: number;
  /** Lines that CloudWatch Logs rejected as too old or too new. */
  readonly rejected: number;
}

const closing = { event: 'access-log-forwarded' } as const;
const closingStart = JSON.stringify(closing).slice(0, -1);

// More attempts than the default of three: all load balancer nodes deliver in the same minute.
const client = new CloudWatchLogsClient({ maxAttempts: 8 });

/**
 * The log stream of one log file, named by its object key.
 *
 * Its last event marks the file as complete and counts the omitted lines. EventBridge delivers at least once and Lambda retries, so a file
 * may arrive twice. A complete file is skipped. An incomplete one is forwarded again from its beginning: duplicates are better than gaps.
 */
export class ObjectLogStream {
  readonly #target: { readonly logGroupName: string; readonly logStreamName: string };

  constructor(logGroupName: string, objectKey: string) {
    // Names of log streams must not contain ':' or '*'. Encoding '%' too keeps the names unique.
    this.#target = { logGroupName, logStreamName: objectKey.replace(/[:*%]/g, encodeCharacter) };
  }

  /** Creates the stream if needed. Returns how far an earlier delivery of the same object came. */
  async open(): Promise<'new' | 'unfinished' | 'finished'> {
    try {
      await client.send(new CreateLogStreamCommand(this.#target));
      return 'new';
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
    // The newest event comes first. The closing event has the current time, all others an earlier one.
    const { events } = await client.send(new GetLogEventsCommand({ ...this.#target, startFromHead: false, limit: 1 }));
    return events?.[0]?.message?.startsWith(closingStart) === true ? 'finished' : 'unfinished';
  }

  /** Puts one batch. Returns the number of events that were rejected for their age. */
  async put(batch: readonly LogEvent[]): Promise<number> {
    const { rejectedLogEventsInfo } = await client.send(
      new PutLogEventsCommand({ ...this.#target, logEvents: [...batch] }),
    );
    return rejectedCount(batch.length, rejectedLogEventsInfo);
  }

  /** Puts the closing event, which marks the file as complete. */
  async close(summary: ForwardingSummary): Promise<void> {
    await this.put([{ timestamp: Date.now(), message: JSON.stringify({ ...closing, ...summary }) }]);
  }
}

/** The two end indexes are exclusive, and the start index is inclusive. */
function rejectedCount(length: number, rejected: RejectedLogEventsInfo | undefined): number {
  const { tooOldLogEventEndIndex, expiredLogEventEndIndex, tooNewLogEventStartIndex } = rejected ?? {};
  return (
    Math.max(tooOldLogEventEndIndex ?? 0, expiredLogEventEndIndex ?? 0) + length - (tooNewLogEventStartIndex ?? length)
  );
}

function encodeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
