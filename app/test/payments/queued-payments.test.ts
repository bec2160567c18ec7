import { randomUUID } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DeadLetters } from '../../redrive/dead-letters.ts';
import { redrive } from '../../redrive/redrive.ts';
import { deliverOnce } from '../../src/outbox/outbox-relay.ts';
import { sqsTransport } from '../../src/outbox/sqs-transport.ts';
import { EventConsumer } from '../../src/outbox/event-consumer.ts';
import { PaymentService } from '../../src/payments/payment-service.ts';
import { recoverStuckOperations } from '../../src/payments/recovery.ts';
import { EventQueue } from '../../src/queue/event-queue.ts';
import { consumeMessages } from '../../src/queue/queue-consumer.ts';
import { noMetrics } from '../../src/telemetry/business-metrics.ts';
import { type AwsEndpoint, AwsError, startAwsEndpoint } from '../support/aws-endpoint.ts';
import { answerOfQueues, FifoQueue } from '../support/fifo-queue.ts';
import { newMerchant, newPayment, type PaymentBody, startPlatform, type TestPlatform } from '../support/platform.ts';

/*
 * Payments that are asked for asynchronously, through a queue that delivers late, twice and out of order, to consumers that run side by
 * side and die between any two steps: nothing is lost and nothing is done twice.
 */

const maxReceiveCount = 3;
const clock = { seconds: 0 };
let deadLetters: FifoQueue;
let queue: FifoQueue;
/** Every message that a consumer has received. */
let history: SQSRecord[];

/** The step after which processes die. */
let deathAt: 'prepared' | 'answered' | 'confirming' | undefined;
/** Called with, and delays, each process that has a response of the acquirer. */
let delay: { readonly until: Promise<void>; readonly reached: () => void } | undefined;
const logger = pino({ level: 'silent' });

let platform: TestPlatform;
let payments: PaymentService;
let aws: AwsEndpoint;
let client: SQSClient;
beforeAll(async () => {
  platform = await startPlatform();
  aws = await startAwsEndpoint((call) => {
    if (deathAt !== undefined) throw new AwsError('InternalError', 'The process died here.');
    return answerOfQueues([queue, deadLetters])(call);
  });
  client = new SQSClient({
    endpoint: aws.environment['AWS_ENDPOINT_URL'] ?? '',
    region: 'eu-south-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  payments = new PaymentService({
    pool: platform.database.worker,
    metrics: noMetrics,
    logger,
    acquirer: platform.acquirer,
    async checkpoint(step) {
      if (step === deathAt) throw new Error('The process died here.');
      if (step !== 'answered') return;
      delay?.reached();
      await delay?.until;
    },
  });
});
afterAll(async () => {
  client.destroy();
  await aws.close();
  await platform.close();
});

const urls = { queueUrl: 'x/events.fifo', deadLetterQueueUrl: 'x/dead-letters.fifo' };

async function consume(records: readonly SQSRecord[]): Promise<void> {
  history.push(...records);
  const consumer = new EventConsumer({ pool: platform.database.worker, payments, logger });
  const dependencies = { consumer, queue: new EventQueue(client, urls), maxReceiveCount, metrics: noMetrics, logger };
  const { batchItemFailures } = await consumeMessages(dependencies, records);
  // A process that dies confirms nothing.
  if (deathAt !== undefined) return;
  const failures = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { messageId, receiptHandle } of records) if (!failures.has(messageId)) queue.delete(receiptHandle);
}

/** Sends the outbox to the queue. If the confirmation is lost, the events are sent again. */
async function relay(isConfirmed = true): Promise<number> {
  const sqs = sqsTransport(urls.queueUrl, client);
  const transport = {
    deliver: async (...batch: Parameters<typeof sqs.deliver>) => {
      const delivered = await sqs.deliver(...batch);
      return isConfirmed ? delivered : [];
    },
  };
  return deliverOnce({ pool: platform.database.api, transport });
}

/** Advances the time of queue and database. */
async function pass(seconds: number): Promise<void> {
  clock.seconds += seconds;
  await platform.database.superuser.query(
    `UPDATE payments.idempotency_keys SET leased_until = leased_until - make_interval(secs => $1), created_at = created_at - make_interval(secs => $1)
     WHERE recovery_point = 'prepared'`,
    [seconds],
  );
  await platform.database.superuser.query(
    'UPDATE payments.outbox SET next_attempt_at = next_attempt_at - make_interval(secs => $1) WHERE delivered_at IS NULL',
    [seconds],
  );
}

const recover = () => recoverStuckOperations({ pool: platform.database.api, payments: platform.payments, logger }, 0);

const tokens = ['tok_approve', 'tok_timeout', 'tok_duplicate', 'tok_decline_stolen_card'] as const;
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('ask'), token: fc.constantFrom(...tokens), capture: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('relay'), isConfirmed: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('consume'),
      consumers: fc.integer({ min: 1, max: 3 }),
      death: fc.constantFrom(undefined, undefined, 'prepared', 'answered', 'confirming'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('repeat'), which: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('overtake') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('poison') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass'), seconds: fc.constantFrom(5, 40, 200, 1000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recover') }) },
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

interface Asked {
  readonly key: string;
  readonly body: object;
  readonly id: string;
}

async function take(each: Step, ask: (token: string, capture: boolean) => Promise<void>): Promise<void> {
  if ('token' in each) await ask(each.token, each.capture);
  else if ('isConfirmed' in each) await relay(each.isConfirmed);
  else if ('seconds' in each) await pass(each.seconds);
  else if ('consumers' in each) {
    const batches = Array.from({ length: each.consumers }, () => queue.receive(3, 180));
    deathAt = each.death;
    await Promise.all(batches.map(consume));
    deathAt = undefined;
  } else if ('which' in each) {
    const known = each.which.flatMap((index) => history[index % history.length] ?? []);
    await Promise.all(known.map((record) => consume([record])));
  } else if (each.do === 'recover') await recover();
  else if (each.do === 'overtake') await overtake();
  else queue.send({ MessageBody: 'poison', MessageGroupId: randomUUID(), MessageDeduplicationId: randomUUID() });
}

/** A consumer exceeds its visibility timeout and leases, and another one processes the same messages. */
async function overtake(): Promise<void> {
  let letGo: () => void = () => undefined;
  const until = new Promise<void>((resolve) => (letGo = resolve));
  let slow: Promise<void> = Promise.resolve();
  await new Promise<void>((reached) => {
    delay = { until, reached };
    slow = consume(queue.receive(3, 180)).finally(reached);
  });
  delay = undefined;
  await pass(200);
  await consume(queue.receive(10, 180));
  letGo();
  await slow;
}

/** Advances time and redrives dead letters until only poison messages are left. */
async function settle(merchantId: string): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    await pass(1000);
    while ((await relay()) > 0);
    for (let batch = queue.receive(10, 180); batch.length > 0; batch = queue.receive(10, 180)) await consume(batch);
    await redrive(new DeadLetters(client, urls), { dryRun: false, reason: 'none given' }, () => undefined);
    await recover();
    const { rows } = await platform.database.superuser.query<{ waiting: number }>(
      `SELECT (SELECT count(*) FROM payments.outbox WHERE delivered_at IS NULL AND merchant_id = $1)
         + (SELECT count(*) FROM payments.idempotency_keys WHERE recovery_point <> 'finished' AND merchant_id = $1) AS waiting`,
      [merchantId],
    );
    if (rows[0]?.waiting === 0 && queue.messages.length === 0) return;
  }
  throw new Error('It does not come to rest.');
}

/** All rows of a merchant's payments, for comparison. */
async function books(merchantId: string) {
  const { rows } = await platform.database.superuser.query<Record<string, unknown>>(
    `SELECT p.id, p.status, p.pending_operation AS pending,
       (SELECT coalesce(json_agg(e.type ORDER BY e.occurred_at, e.id), '[]') FROM payments.payment_events e WHERE e.payment_id = p.id) AS timeline,
       (SELECT coalesce(json_agg(e.amount_minor ORDER BY e.account), '[]') FROM payments.entries e WHERE e.payment_id = p.id) AS entries
     FROM payments.payments p WHERE merchant_id = $1 ORDER BY p.id`,
    [merchantId],
  );
  const totals = await platform.database.superuser.query<Record<string, number>>(
    `SELECT coalesce(sum(approved_count), 0)::int AS approved, coalesce(sum(declined_count), 0)::int AS declined,
       coalesce(sum(captured_minor), 0)::int AS captured FROM payments.daily_totals WHERE merchant_id = $1`,
    [merchantId],
  );
  return { payments: rows, totals: totals.rows[0] };
}

test('no event is lost or processed twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      deathAt = undefined;
      history = [];
      deadLetters = new FifoQueue('dead-letters', clock);
      queue = new FifoQueue('events', clock, { deadLetters, maxReceiveCount });
      const { apiKey, merchantId } = await newMerchant(platform.database, randomUUID());
      const charges = platform.acquirer.charges.length;
      const asked: (Asked & { token: string; capture: boolean })[] = [];
      const post = (key: string, body: object) =>
        platform.post('/payments?mode=async', body, { authorization: `Bearer ${apiKey}`, 'idempotency-key': key });
      const ask = async (token: string, capture: boolean) => {
        const key = randomUUID();
        const body = { ...newPayment, paymentToken: token, capture: capture ? 'automatic' : 'manual' };
        const answer = await post(key, body);
        expect(answer.statusCode).toBe(202);
        asked.push({ key, body, id: answer.json<PaymentBody>().id, token, capture });
      };
      for (const each of steps) await take(each, ask);
      await settle(merchantId);

      const approved = asked.filter(({ token }) => !token.startsWith('tok_decline'));
      const captured = approved.filter(({ capture }) => capture);
      expect(platform.acquirer.charges.length - charges).toBe(approved.length);
      const expected = asked.map(({ id, token, capture }) => ({
        id,
        pending: null,
        ...(token.startsWith('tok_decline')
          ? { status: 'declined', timeline: ['payment.created', 'payment.declined'], entries: [] }
          : capture
            ? {
                status: 'captured',
                timeline: ['payment.created', 'payment.authorized', 'payment.captured'],
                entries: [1000, -1000],
              }
            : { status: 'authorized', timeline: ['payment.created', 'payment.authorized'], entries: [] }),
      }));
      expect(await books(merchantId)).toEqual({
        payments: expected.sort((left, right) => (left.id < right.id ? -1 : 1)),
        totals: {
          approved: approved.length,
          declined: asked.length - approved.length,
          captured: 1000 * captured.length,
        },
      });
      for (const { key, body, id } of asked) {
        const outcome = await post(key, body);
        expect([outcome.statusCode, outcome.json<PaymentBody>().id]).toEqual([201, id]);
      }
      const poison = steps.filter((each) => each.do === 'poison').length;
      // A late copy of a poison message, after the deduplication interval, is a second dead letter.
      const buried = deadLetters.messages.filter(({ MessageBody }) => MessageBody === 'poison');
      expect(new Set(buried.map(({ MessageGroupId }) => MessageGroupId)).size).toBe(poison);
    }),
    { numRuns: 15 },
  );
}, 120_000);
