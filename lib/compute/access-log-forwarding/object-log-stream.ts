import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  type RejectedLogEventsInfo,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent } from './log-event-batches';

/** What became of one log file. */
export interface ForwardingSummary {
  /** Lines that are in the log group now. */
  readonly requests: number;
  /** Lines that could not be read. */
  readonly malformed: number;
  /** Lines that CloudWatch Logs refused as too old or too new. */
  readonly rejected: number;
}

const closing = { event: 'access-log-forwarded' } as const;
const closingStart = JSON.stringify(closing).slice(0, -1);

// More patience than the default of three: all load balancer nodes deliver in the same minute.
const client = new CloudWatchLogsClient({ maxAttempts: 8 });

/**
 * The log stream of one log file, named by its object key.
 *
 * It ends with a closing event, which says that nothing is missing and what was left out. Events arrive at least once and functions are
 * tried again, so the file may come twice: after the closing event it is skipped; before, it is forwarded again from its beginning, because
 * twice in the stream of its own is better than not at all.
 */
export class ObjectLogStream {
  readonly #target: { readonly logGroupName: string; readonly logStreamName: string };

  constructor(logGroupName: string, objectKey: string) {
    // The two characters that names of log streams may not have; the third one keeps different keys different.
    this.#target = { logGroupName, logStreamName: objectKey.replace(/[:*%]/g, encodeCharacter) };
  }

  /** Makes the stream unless it exists, and says how far an earlier delivery of the same object came. */
  async open(): Promise<'new' | 'unfinished' | 'finished'> {
    try {
      await client.send(new CreateLogStreamCommand(this.#target));
      return 'new';
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
    // The newest event first; the closing one is of now, and all others are of earlier.
    const { events } = await client.send(new GetLogEventsCommand({ ...this.#target, startFromHead: false, limit: 1 }));
    return events?.[0]?.message?.startsWith(closingStart) === true ? 'finished' : 'unfinished';
  }

  /** Puts one batch, and says how many of its events were refused for their age. */
  async put(batch: readonly LogEvent[]): Promise<number> {
    const { rejectedLogEventsInfo } = await client.send(
      new PutLogEventsCommand({ ...this.#target, logEvents: [...batch] }),
    );
    return rejectedCount(batch.length, rejectedLogEventsInfo);
  }

  /** Puts the closing event. */
  async close(summary: ForwardingSummary): Promise<void> {
    await this.put([{ timestamp: Date.now(), message: JSON.stringify({ ...closing, ...summary }) }]);
  }
}

/** Both ends are exclusive, and the start is inclusive. */
function rejectedCount(length: number, rejected: RejectedLogEventsInfo | undefined): number {
  const { tooOldLogEventEndIndex, expiredLogEventEndIndex, tooNewLogEventStartIndex } = rejected ?? {};
  return (
    Math.max(tooOldLogEventEndIndex ?? 0, expiredLogEventEndIndex ?? 0) + length - (tooNewLogEventStartIndex ?? length)
  );
}

function encodeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
