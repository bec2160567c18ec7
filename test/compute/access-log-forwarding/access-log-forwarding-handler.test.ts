import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, type GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { S3ObjectCreatedNotificationEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../lib/compute/access-log-forwarding/access-log-forwarding.lambda';
import { accessLogLine } from '../../support/access-log-file';

const s3 = mockClient(S3Client);
const logs = mockClient(CloudWatchLogsClient);
const key = 'AWSLogs/111122223333/elasticloadbalancing/eu-south-2/2026/11/21/app.load-balancer_192.0.2.1_abc.log.gz';
const stream = { logGroupName: 'alb-access-log-group-test1', logStreamName: key };
const output: Record<string, unknown>[] = [];

beforeEach(() => {
  s3.reset();
  logs.reset();
  logs.on(PutLogEventsCommand).resolves({});
  output.length = 0;
  jest.replaceProperty(process, 'env', { LOG_GROUP_NAME: stream.logGroupName, ENVIRONMENT_NAME: 'test1' });
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output.push(JSON.parse(String(text)) as Record<string, unknown>);
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** The object's content, in pieces that end anywhere. */
function objectHolds(content: Uint8Array): void {
  const pieces = Array.from({ length: Math.ceil(content.length / 50) }, (_, index) =>
    Buffer.from(content.subarray(index * 50, index * 50 + 50)),
  );
  const Body = Readable.from(pieces) as unknown as NonNullable<GetObjectCommandOutput['Body']>;
  s3.on(GetObjectCommand, { Bucket: 'alb-logs', Key: key }).resolves({ Body });
}

function deliver(objectKey = key): Promise<void> {
  const detail = { bucket: { name: 'alb-logs' }, object: { key: objectKey } };
  return handler({ detail } as S3ObjectCreatedNotificationEvent);
}

/** The received batches, each event as its first words. */
function putBatches(): { userAgents: unknown[]; closing: unknown }[] {
  return logs.commandCalls(PutLogEventsCommand).map(({ args: [{ input }] }) => {
    expect(input).toMatchObject(stream);
    const events = (input.logEvents ?? []).map(({ message = '' }) => JSON.parse(message) as Record<string, unknown>);
    return {
      userAgents: events.filter(({ event }) => event === undefined).map(({ user_agent }) => user_agent),
      closing: events.find(({ event }) => event !== undefined),
    };
  });
}

const streamExists = () =>
  logs.on(CreateLogStreamCommand).rejects(new ResourceAlreadyExistsException({ message: '', $metadata: {} }));
const line = (second: number, user_agent: string) =>
  accessLogLine({ time: `2026-11-21T08:00:${String(second).padStart(2, '0')}.000000Z`, user_agent });
const closing = { event: 'access-log-forwarded', requests: 2, malformed: 0, rejected: 0 };

test('forwards each line in chronological order to the stream of its file, and a closing event', async () => {
  objectHolds(gzipSync([line(2, 'later ünï💳'), line(1, 'sooner'), ''].join('\n')));
  await deliver();
  expect(logs.commandCalls(CreateLogStreamCommand).map(({ args }) => args[0].input)).toEqual([stream]);
  expect(putBatches()).toEqual([
    { userAgents: ['sooner', 'later ünï💳'], closing: undefined },
    { userAgents: [], closing },
  ]);
  const [first] = logs.commandCalls(PutLogEventsCommand);
  expect(first?.args[0].input.logEvents?.map(({ timestamp }) => timestamp)).toEqual([
    Date.UTC(2026, 10, 21, 8, 0, 1),
    Date.UTC(2026, 10, 21, 8, 0, 2),
  ]);
});

test('reads a gzip file with several members completely', async () => {
  objectHolds(Buffer.concat([gzipSync(`${line(1, 'one')}\n`), gzipSync(line(2, 'two'))]));
  await deliver();
  expect(putBatches()[0]?.userAgents).toEqual(['one', 'two']);
});

test('forwards a large file completely in several calls', async () => {
  const lines = Array.from({ length: 3000 }, (_, index) => line(index % 60, `client ${index}`));
  objectHolds(gzipSync(lines.join('\n')));
  await deliver();
  const batches = putBatches().slice(0, -1);
  expect(batches.length).toBeGreaterThan(1);
  const expected = lines.map((_, index) => `client ${index}`);
  expect(batches.flatMap(({ userAgents }) => userAgents).sort()).toEqual(expected.sort());
  expect(output).toEqual([expect.objectContaining({ message: 'forwarded', requests: 3000, objectKey: key })]);
});

test('encodes characters that a log stream name must not contain, without collisions', async () => {
  objectHolds(gzipSync(''));
  s3.on(GetObjectCommand).resolves({ Body: Readable.from([gzipSync('')]) as never });
  await deliver('2001:db8::1*%3A.log.gz');
  expect(logs.commandCalls(CreateLogStreamCommand)[0]?.args[0].input.logStreamName).toBe(
    '2001%3Adb8%3A%3A1%2A%253A.log.gz',
  );
});

test('counts malformed lines in the metric and logs their numbers, not their content', async () => {
  objectHolds(gzipSync([line(1, 'good'), 'pin=1234', '', '"', line(2, 'good')].join('\n')));
  await deliver();
  expect(putBatches().at(-1)?.closing).toEqual({ ...closing, malformed: 2 });
  expect(output).toEqual([
    expect.objectContaining({
      level: 'error',
      requests: 2,
      malformed: 2,
      malformedLines: [
        { line: 2, problem: 'the line has 1 fields, fewer than 29' },
        { line: 4, problem: 'field 1 is empty or has no closing quote' },
      ],
      AccessLogLinesLeftOut: 2,
      Environment: 'test1',
    }),
  ]);
  expect(JSON.stringify(output)).not.toContain('1234');
});

test('logs only the first of many malformed lines but counts all', async () => {
  objectHolds(gzipSync('x\n'.repeat(5000)));
  await deliver();
  expect(output[0]).toMatchObject({ malformed: 5000, AccessLogLinesLeftOut: 5000 });
  expect(output[0]?.['malformedLines']).toHaveLength(20);
});

test.each([
  ['too old', { tooOldLogEventEndIndex: 1 }, 1],
  ['older than the retention', { tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2 }, 2],
  ['too new', { tooNewLogEventStartIndex: 2 }, 1],
  ['both', { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 }, 2],
])('reports events that are rejected as %s', async (_why, rejectedLogEventsInfo, rejected) => {
  logs.on(PutLogEventsCommand).resolvesOnce({ rejectedLogEventsInfo }).resolves({});
  objectHolds(gzipSync([line(1, 'one'), line(2, 'two'), line(3, 'three')].join('\n')));
  await deliver();
  expect(output).toEqual([
    expect.objectContaining({ level: 'error', requests: 3 - rejected, rejected, AccessLogLinesLeftOut: rejected }),
  ]);
});

test('writes the metric in the embedded metric format, as a line of pure JSON', async () => {
  objectHolds(gzipSync(line(1, 'one')));
  await deliver();
  expect(output[0]).toMatchObject({
    _aws: {
      Timestamp: expect.any(Number) as number,
      CloudWatchMetrics: [
        {
          Namespace: 'PaymentPlatform',
          Dimensions: [['Environment']],
          Metrics: [{ Name: 'AccessLogLinesLeftOut', Unit: 'Count' }],
        },
      ],
    },
    AccessLogLinesLeftOut: 0,
  });
});

describe('a second delivery of the same file', () => {
  test('is skipped after a complete one, with a log line', async () => {
    streamExists();
    logs
      .on(GetLogEventsCommand, { ...stream, startFromHead: false, limit: 1 })
      .resolves({ events: [{ message: JSON.stringify(closing) }] });
    await deliver();
    expect(s3.calls()).toHaveLength(0);
    expect(logs.commandCalls(PutLogEventsCommand)).toHaveLength(0);
    expect(output).toEqual([
      {
        level: 'info',
        message: 'skipped: an earlier delivery forwarded the whole file',
        bucket: 'alb-logs',
        objectKey: key,
      },
    ]);
  });

  test.each([
    ['nothing', []],
    ['a part of it', [{ message: '{"type":"https","user_agent":"access-log-forwarded"}' }]],
  ])('uses the same stream if the first one left %s', async (_what, events) => {
    streamExists();
    logs.on(GetLogEventsCommand).resolves({ events });
    objectHolds(gzipSync([line(1, 'one'), line(2, 'two')].join('\n')));
    await deliver();
    expect(putBatches()).toEqual([
      { userAgents: ['one', 'two'], closing: undefined },
      { userAgents: [], closing },
    ]);
    expect(output[0]).toMatchObject({ level: 'warn' });
  });
});

describe('throws, so that Lambda retries, and writes no closing event for', () => {
  const noClosing = () => {
    expect(putBatches().filter((batch) => batch.closing !== undefined)).toEqual([]);
  };

  test('a truncated file', async () => {
    const whole = gzipSync([line(1, 'one'), line(2, 'two')].join('\n'));
    objectHolds(whole.subarray(0, whole.length - 12));
    await expect(deliver()).rejects.toThrow('unexpected end of file');
    noClosing();
  });

  test('a file that is not gzip', async () => {
    objectHolds(Buffer.from(line(1, 'one')));
    await expect(deliver()).rejects.toThrow('incorrect header check');
    noClosing();
  });

  test('a download that breaks', async () => {
    const Body = Readable.from(
      (function* () {
        yield gzipSync(line(1, 'one')).subarray(0, 30);
        throw new Error('connection reset');
      })(),
    );
    s3.on(GetObjectCommand).resolves({ Body: Body as never });
    await expect(deliver()).rejects.toThrow('connection reset');
    noClosing();
  });

  test('a log group that rejects the events', async () => {
    logs.on(PutLogEventsCommand).rejects(new Error('throttled'));
    objectHolds(gzipSync(line(1, 'one')));
    await expect(deliver()).rejects.toThrow('throttled');
    noClosing();
  });

  test('a stream that cannot be created', async () => {
    logs.on(CreateLogStreamCommand).rejects(new Error('no such group'));
    await expect(deliver()).rejects.toThrow('no such group');
    expect(s3.calls()).toHaveLength(0);
  });

  test('an object without content', async () => {
    s3.on(GetObjectCommand).resolves({});
    await expect(deliver()).rejects.toThrow(`The object ${key} has no readable content.`);
  });

  test('a missing environment variable', async () => {
    jest.replaceProperty(process, 'env', {});
    await expect(deliver()).rejects.toThrow('The environment variable LOG_GROUP_NAME is missing');
  });
});
