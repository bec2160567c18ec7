import { randomUUID } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OutboxEvent } from '../../src/outbox/outbox-event.ts';
import { DeadLetters } from '../../redrive/dead-letters.ts';
import { redrive } from '../../redrive/redrive.ts';
import { EventQueue } from '../../src/queue/event-queue.ts';
import { EventConsumer } from '../../src/outbox/event-consumer.ts';
import { consumeMessages } from '../../src/queue/queue-consumer.ts';
import { noMetrics } from '../../src/telemetry/business-metrics.ts';
import { type AwsEndpoint, AwsError, startAwsEndpoint } from '../support/aws-endpoint.ts';
import { answerOfQueues, FifoQueue, sentEvent } from '../support/fifo-queue.ts';
import { deliveredEvent } from '../support/outbox.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';

const maxReceiveCount = 3;
const clock = { seconds: 0 };
let deadLetters: FifoQueue;
let queue: FifoQueue;
/** The SQS operations that fail. */
let failing: RegExp | undefined;

let platform: TestPlatform;
let aws: AwsEndpoint;
let client: SQSClient;
beforeAll(async () => {
  platform = await startPlatform();
  aws = await startAwsEndpoint((call) => {
    if (failing?.test(call.target)) throw new AwsError('InternalError', 'The queue is away.');
    return answerOfQueues([queue, deadLetters])(call);
  });
  client = new SQSClient({
    endpoint: aws.environment['AWS_ENDPOINT_URL'] ?? '',
    region: 'eu-south-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
beforeEach(() => {
  deadLetters = new FifoQueue('dead-letters', clock);
  queue = new FifoQueue('events', clock, { deadLetters, maxReceiveCount });
  failing = undefined;
  failed = 0;
});
afterAll(async () => {
  client.destroy();
  await aws.close();
  await platform.close();
});

let failed = 0;
const consume = (records: readonly SQSRecord[]) =>
  consumeMessages(
    {
      consumer: new EventConsumer({
        pool: platform.database.worker,
        payments: platform.payments,
        logger: platform.logger,
      }),
      queue: new EventQueue(client, { queueUrl: `x/${queue.name}`, deadLetterQueueUrl: `x/${deadLetters.name}` }),
      maxReceiveCount,
      metrics: { ...noMetrics, queuedPaymentFailed: () => (failed += 1) },
      logger: pino({ level: 'silent' }),
    },
    records,
  );

/** One batch, as Lambda processes it: messages that the consumer does not return are deleted. Returns the failed ids. */
async function round(): Promise<string[]> {
  const records = queue.receive(10, 180);
  const failures = (await consume(records)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  for (const record of records) if (!failures.includes(record.messageId)) queue.delete(record.receiptHandle);
  return failures;
}

const reasons = () => deadLetters.messages.map(({ MessageAttributes }) => MessageAttributes?.['Reason']?.StringValue);
const event = (changes?: Partial<OutboxEvent>) => deliveredEvent(platform, platform.merchantId, changes);

/** An event that fails until it is released. */
async function stuckEvent() {
  return { stuck: await event({ createdAt: '2031-01-01T00:00:00.000Z' }), release: await failDay('2031-01-01') };
}

/** Makes changes of the daily totals fail until the returned function is called. */
async function failDay(day: string): Promise<() => Promise<unknown>> {
  const constraint = `refused_${randomUUID().slice(0, 8)}`;
  await platform.database.superuser.query(
    `ALTER TABLE payments.daily_totals ADD CONSTRAINT ${constraint} CHECK (day <> '${day}') NOT VALID`,
  );
  return () => platform.database.superuser.query(`ALTER TABLE payments.daily_totals DROP CONSTRAINT ${constraint}`);
}

describe('a poison message is sent to the dead-letter queue immediately, with its reason:', () => {
  test.each([
    ['no JSON', 'payment.captured', /not JSON/],
    ['no event', '{"type":"payment.captured"}', /not a valid event/],
    ['null', 'null', /not a valid event/],
  ])('%s', async (_what, body, reason) => {
    const group = randomUUID();
    queue.send({
      MessageBody: body,
      MessageGroupId: group,
      MessageDeduplicationId: randomUUID(),
      MessageAttributes: { correlationId: { DataType: 'String', StringValue: 'correlation-1' } },
    });
    expect(await round()).toEqual([]);
    expect(queue.messages).toEqual([]);
    expect(reasons()).toEqual([expect.stringMatching(reason)]);
    expect(deadLetters.messages[0]).toMatchObject({
      MessageBody: body,
      MessageGroupId: group,
      MessageAttributes: { correlationId: { StringValue: 'correlation-1' } },
    });
    expect(failed).toBe(0);
  });

  test.each<[string, Partial<OutboxEvent>, RegExp]>([
    ['an unknown type', { type: 'payment.forgotten' }, /type 'payment\.forgotten'/],
    ['an unknown payment', { paymentId: randomUUID() }, /^Merchant .* has no payment/],
    ['an unknown merchant', { merchantId: randomUUID() }, /^Merchant .* has no payment/],
    ['an invalid id', { id: 'none' }, /not a valid event: \/id/],
    ['a request for an unknown payment', { type: 'payment.requested' }, /^Merchant .* has no payment/],
  ])('%s', async (_what, changes, reason) => {
    queue.send(sentEvent(await event(changes)));
    expect(await round()).toEqual([]);
    expect(reasons()).toEqual([expect.stringMatching(reason)]);
    expect(failed).toBe(changes.type === 'payment.requested' ? 1 : 0);
  });
});

describe('a message that fails', () => {
  test('is redelivered with exponential backoff, and is a dead letter with the reason after its last receive', async () => {
    const { stuck, release } = await stuckEvent();
    queue.send(sentEvent(stuck));
    for (const seconds of [10, 30]) {
      expect(await round()).toHaveLength(1);
      clock.seconds += seconds - 1;
      expect(queue.receive(10, 180)).toEqual([]);
      clock.seconds += 1;
    }
    expect(await round()).toEqual([]);
    expect(reasons()).toEqual([expect.stringMatching(/violates check constraint/)]);
    await release();
  });

  test('is consumed after the cause is fixed', async () => {
    const { stuck, release } = await stuckEvent();
    queue.send(sentEvent(stuck));
    expect(await round()).toHaveLength(1);
    await release();
    clock.seconds += 10;
    expect(await round()).toEqual([]);
    expect([queue.messages, deadLetters.messages]).toEqual([[], []]);
  });

  test('blocks later events of its payment, but no other payment', async () => {
    const { stuck, release } = await stuckEvent();
    const follows = { ...stuck, id: randomUUID(), createdAt: '2031-01-02T00:00:00.000Z' };
    const other = await event();
    for (const each of [stuck, other, follows]) queue.send(sentEvent(each));
    const [first, , last] = queue.messages.map(({ id }) => id);
    expect(await round()).toEqual([first, last]);
    expect(queue.messages.map(({ id }) => id)).toEqual([first, last]);
    await release();
    clock.seconds += 10;
    expect(await round()).toEqual([]);
    expect(queue.messages).toEqual([]);
  });

  test('is redelivered while the dead-letter queue rejects it, even when its visibility timeout cannot be changed', async () => {
    queue.send(sentEvent(await event({ type: 'payment.forgotten' })));
    failing = /SendMessage|ChangeMessageVisibility/;
    expect(await round()).toHaveLength(1);
    expect(deadLetters.messages).toEqual([]);
    failing = undefined;
    clock.seconds += 179;
    expect(await round()).toEqual([]);
    clock.seconds += 1;
    expect(await round()).toEqual([]);
    expect(deadLetters.messages).toHaveLength(1);
  });

  test('becomes one dead letter even if its confirmation is lost', async () => {
    queue.send(sentEvent(await event({ type: 'payment.forgotten' })));
    await consume(queue.receive(10, 180));
    clock.seconds += 180;
    await round();
    expect([queue.messages.length, deadLetters.messages.length]).toEqual([0, 1]);
  });
});

test('an event that fails again after a redrive becomes a dead letter again, and is not dropped as a duplicate', async () => {
  queue.send(sentEvent(await event({ type: 'payment.forgotten' })));
  await round();
  for (const times of [1, 2, 3]) {
    const letters = new DeadLetters(client, {
      queueUrl: `x/${queue.name}`,
      deadLetterQueueUrl: `x/${deadLetters.name}`,
    });
    expect(await redrive(letters, { dryRun: false }, () => undefined), `${times} times`).toEqual({ seen: 1, moved: 1 });
    expect([queue.messages.length, deadLetters.messages.length]).toEqual([1, 0]);
    await round();
    expect([queue.messages.length, deadLetters.messages.length]).toEqual([0, 1]);
  }
});

test('a reason is truncated and printable', async () => {
  queue.send(sentEvent(await event({ type: `x\u0000\n${'y'.repeat(2000)}` })));
  await round();
  const [reason = ''] = reasons();
  expect(reason).toHaveLength(500);
  expect(reason).not.toMatch(/\p{Cc}/u);
});

test('without a queue, a poison event is parked with its reason, and is redelivered after unpark_events', async () => {
  const { id } = await platform.pay();
  await platform.database.superuser.query(
    `UPDATE payments.outbox SET type = 'payment.forgotten' WHERE payment_id = $1`,
    [id],
  );
  await platform.post(`/payments/${id}/capture`, {});
  await platform.consumeEvents();
  const parked = () =>
    platform.database.superuser.query<{ reason: string }>(
      'SELECT reason FROM payments.parked_events JOIN payments.outbox ON id = event_id WHERE payment_id = $1',
      [id],
    );
  const waiting = async () =>
    (
      await platform.database.superuser.query(
        'SELECT FROM payments.outbox WHERE delivered_at IS NULL AND payment_id = $1',
        [id],
      )
    ).rowCount;
  expect((await parked()).rows).toEqual([{ reason: `Unknown event type 'payment.forgotten'.` }]);
  // Later events were delivered.
  expect(await waiting()).toBe(0);
  expect(platform.log.join()).toContain('it is parked');
  await platform.database.superuser.query(
    `UPDATE payments.outbox SET type = 'payment.authorized' WHERE type = 'payment.forgotten'`,
  );
  const { rows } = await platform.database.administrator.query('SELECT payments.unpark_events() AS count');
  expect(rows).toEqual([{ count: 1 }]);
  expect([(await parked()).rows, await waiting()]).toEqual([[], 1]);
  await platform.consumeEvents();
  expect([(await parked()).rows, await waiting()]).toEqual([[], 0]);
});

test.each([
  ['first', 'type = $1', 'payment.authorized'],
  ['second', `additional_events = jsonb_set(additional_events, '{0, type}', to_jsonb($1::text))`, 'payment.captured'],
])(
  'when only the %s event of a change is parked, the other is counted once, even after a redelivery',
  async (_place, change, type) => {
    const { database } = platform;
    const totals = async () =>
      (
        await database.superuser.query<{ approved: number; captured: number }>(
          `SELECT coalesce(sum(approved_count), 0)::int AS approved, coalesce(sum(captured_minor), 0)::int AS captured
           FROM payments.daily_totals WHERE merchant_id = $1`,
          [platform.merchantId],
        )
      ).rows[0] ?? { approved: 0, captured: 0 };
    const call = (name: string) => database.superuser.query<{ count: number }>(`SELECT payments.${name}() AS count`);
    const rename = (to: string, id: string) =>
      database.superuser.query(`UPDATE payments.outbox SET ${change} WHERE payment_id = $2`, [to, id]);
    await platform.consumeEvents();
    const before = await totals();
    const { id, amountMinor } = await platform.pay({ capture: 'automatic' });
    const events = await platform.get(`/payments/${id}/events`);
    const { items } = events.json<{ items: { id: string; type: string }[] }>();
    await rename('payment.forgotten', id);
    await platform.consumeEvents();
    const parked = await database.superuser.query('SELECT event_id AS id FROM payments.parked_events');
    expect(parked.rows).toEqual(items.filter((event) => event.type === type).map((event) => ({ id: event.id })));
    const all = { approved: before.approved + 1, captured: before.captured + amountMinor };
    expect(await totals()).toEqual(
      type === 'payment.authorized' ? { ...all, approved: before.approved } : { ...all, captured: before.captured },
    );
    await rename(type, id);
    expect((await call('unpark_events')).rows).toEqual([{ count: 1 }]);
    await platform.consumeEvents();
    expect(await totals()).toEqual(all);
    expect((await call('unpark_events')).rows).toEqual([{ count: 0 }]);
  },
);
