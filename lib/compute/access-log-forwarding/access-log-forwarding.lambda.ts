import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3ObjectCreatedNotificationEvent } from 'aws-lambda';
import { parseAccessLogLine } from './access-log-line';
import { leftOutMetric, variables } from './forwarding-contract';
import { linesOf } from './lines-of';
import { inBatches, type LogEvent } from './log-event-batches';
import { type ForwardingSummary, ObjectLogStream } from './object-log-stream';

/** The log names only the first malformed lines. The file in the bucket has all of them. */
const maxNamedLines = 20;

interface MalformedLine {
  readonly line: number;
  readonly problem: string;
}

const s3 = new S3Client();

/**
 * Forwards one log file of the load balancer, line by line, to a log stream of its own.
 *
 * @throws when the file cannot be read or written completely; Lambda retries, then sends the event to the dead-letter queue
 */
export async function handler({ detail }: S3ObjectCreatedNotificationEvent): Promise<void> {
  const file = { bucket: detail.bucket.name, objectKey: detail.object.key };
  const stream = new ObjectLogStream(variable(variables.logGroupName), file.objectKey);
  const state = await stream.open();
  if (state === 'finished') {
    log({
      level: 'info',
      message: 'skipped: an earlier delivery forwarded the whole file',
      ...file,
    });
    return;
  }
  if (state === 'unfinished') {
    log({ level: 'warn', message: 'an earlier delivery is incomplete; its events will appear twice', ...file });
  }
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: file.bucket, Key: file.objectKey }));
  if (!(Body instanceof Readable)) throw new Error(`The object ${file.objectKey} has no readable content.`);

  const malformed: MalformedLine[] = [];
  const count = { put: 0, rejected: 0, malformed: 0 };
  const noteMalformed = (line: MalformedLine) => {
    count.malformed += 1;
    if (malformed.length < maxNamedLines) malformed.push(line);
  };
  await pipeline(Body, createGunzip(), async (content: AsyncIterable<Buffer>) => {
    for await (const batch of inBatches(eventsOf(content, noteMalformed))) {
      count.rejected += await stream.put(batch);
      count.put += batch.length;
    }
  });
  const { put, rejected } = count;
  const summary = { requests: put - rejected, malformed: count.malformed, rejected };
  await stream.close(summary);
  report(file, summary, malformed);
}

async function* eventsOf(
  content: AsyncIterable<Buffer>,
  onMalformed: (line: MalformedLine) => void,
): AsyncGenerator<LogEvent> {
  let number = 0;
  for await (const line of linesOf(content)) {
    number += 1;
    if (line === '') continue;
    const parsed = parseAccessLogLine(line);
    if ('event' in parsed) yield parsed.event;
    else onMalformed({ line: number, problem: parsed.problem });
  }
}

/** Logs the result as one line, from which CloudWatch extracts a metric (embedded metric format). */
function report(file: object, summary: ForwardingSummary, malformedLines: readonly MalformedLine[]): void {
  const leftOut = summary.malformed + summary.rejected;
  const { namespace, name } = leftOutMetric;
  log({
    level: leftOut > 0 ? 'error' : 'info',
    message: leftOut > 0 ? 'forwarded incompletely' : 'forwarded',
    ...file,
    ...summary,
    ...(malformedLines.length > 0 && { malformedLines }),
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        { Namespace: namespace, Dimensions: [['Environment']], Metrics: [{ Name: name, Unit: 'Count' }] },
      ],
    },
    Environment: variable(variables.environmentName),
    [name]: leftOut,
  });
}

/** Not `console.log`, which prefixes the line in Lambda. CloudWatch finds no metric in such a line. */
function log(entry: object): void {
  process.stdout.write(`${JSON.stringify(entry)}\n`);
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`The environment variable ${name} is missing. AccessLogForwarding sets it.`);
  return value;
}
