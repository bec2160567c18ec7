import { SQSClient } from '@aws-sdk/client-sqs';
import { createHash, randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { OutboxEvent } from '../../src/outbox/outbox-event.ts';
import { sqsTransport } from '../../src/outbox/sqs-transport.ts';
import { type AwsCall, startAwsEndpoint } from '../support/aws-endpoint.ts';

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageGroupId: string;
  readonly MessageDeduplicationId: string;
  readonly MessageSystemAttributes?: Entry['MessageAttributes'];
  readonly MessageAttributes: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
}
const entriesOf = ({ input }: AwsCall) => input['Entries'] as readonly Entry[];

/** A queue that accepts the entries for which `takes` is true. */
async function queue(takes: (entry: Entry) => boolean = () => true) {
  const endpoint = await startAwsEndpoint((call) => {
    const entries = entriesOf(call);
    return {
      Successful: entries.filter(takes).map(({ Id, MessageBody }) => ({
        Id,
        MessageId: randomUUID(),
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      })),
      Failed: entries
        .filter((entry) => !takes(entry))
        .map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
    };
  });
  const client = new SQSClient({
    endpoint: endpoint.environment['AWS_ENDPOINT_URL'] ?? '',
    region: 'eu-south-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  onTestFinished(async () => {
    client.destroy();
    await endpoint.close();
  });
  return { calls: endpoint.calls, transport: sqsTransport('https://sqs.test/1/events.fifo', client) };
}

function event(changes: Partial<OutboxEvent> = {}): OutboxEvent {
  return {
    id: randomUUID(),
    merchantId: randomUUID(),
    paymentId: randomUUID(),
    type: 'payment.captured',
    payload: { amountMinor: 500, currency: 'EUR', detail: null },
    createdAt: '2026-03-31T12:00:00.000Z',
    correlationId: randomUUID(),
    traceHeader: null,
    ...changes,
  };
}

test('an event is sent with its payment as message group and its id as deduplication id', async () => {
  const { calls, transport } = await queue();
  const sent = event();
  expect(await transport.deliver([sent])).toEqual([sent.id]);
  expect(calls).toMatchObject([
    { target: 'AmazonSQS.SendMessageBatch', input: { QueueUrl: 'https://sqs.test/1/events.fifo' } },
  ]);
  const [entry] = calls.flatMap(entriesOf);
  expect(entry).toMatchObject({
    MessageGroupId: sent.paymentId,
    MessageDeduplicationId: sent.id,
    MessageAttributes: { correlationId: { DataType: 'String', StringValue: sent.correlationId } },
  });
  expect(JSON.parse(entry?.MessageBody ?? '')).toEqual(sent);
});

test.each([
  [null, undefined],
  ['Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1', 'String'],
])('sends the trace header %s', async (traceHeader, type) => {
  const { calls, transport } = await queue();
  await transport.deliver([{ ...event(), traceHeader }]);
  const [entry] = calls.flatMap(entriesOf);
  expect(entry?.MessageSystemAttributes?.['AWSTraceHeader']).toEqual(
    type && { DataType: type, StringValue: traceHeader },
  );
});

test('sends events in batches of ten, in order', async () => {
  const { calls, transport } = await queue();
  const events = Array.from({ length: 23 }, () => event());
  expect(await transport.deliver(events)).toEqual(events.map(({ id }) => id));
  expect(calls.map((call) => entriesOf(call).length)).toEqual([10, 10, 3]);
  expect(calls.flatMap(entriesOf).map(({ Id }) => Id)).toEqual(events.map(({ id }) => id));
});

test('an event that the queue rejects is not reported as delivered', async () => {
  const [first, second, third] = [event(), event(), event()];
  const { transport } = await queue(({ Id }) => Id !== second.id);
  expect(await transport.deliver([first, second, third])).toEqual([first.id, third.id]);
});

test('the second event of a payment is sent after the first has succeeded', async () => {
  const { calls, transport } = await queue();
  const first = [event(), event()];
  const second = first.map(({ paymentId }) => event({ paymentId }));
  const events = first.flatMap((each, index) => [each, second[index] ?? each]);
  expect((await transport.deliver(events)).toSorted()).toEqual(events.map(({ id }) => id).sort());
  expect(calls.map((call) => entriesOf(call).map(({ Id }) => Id))).toEqual(
    [first, second].map((round) => round.map(({ id }) => id)),
  );
});

test('a rejected event blocks the later events of its payment', async () => {
  const lost = event();
  const [followers, other] = [[1, 2].map(() => event({ paymentId: lost.paymentId })), event()];
  const { calls, transport } = await queue(({ Id }) => Id !== lost.id);
  expect(await transport.deliver([lost, ...followers, other])).toEqual([other.id]);
  expect(calls.map((call) => entriesOf(call).length)).toEqual([2]);
});
