import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { DeadLetters } from '../../redrive/dead-letters.ts';
import { redrive, type RedriveRequest } from '../../redrive/redrive.ts';
import { type AwsCall, AwsError, startAwsEndpoint } from '../support/aws-endpoint.ts';
import { startNode } from '../support/child-process.ts';
import { answerOfQueues, FifoQueue, type Sent } from '../support/fifo-queue.ts';

const now = () => Math.floor(Date.now() / 1000);

/** Both queues behind an endpoint. The dead-letter queue contains these messages, sent a minute ago. */
async function bench(letters: readonly Sent[], answer?: (call: AwsCall, deadLetters: FifoQueue) => void) {
  const clock = { seconds: now() - 60 };
  const deadLetters = new FifoQueue('dead-letters', clock);
  const queue = new FifoQueue('events', clock);
  for (const letter of letters) deadLetters.send(letter);
  clock.seconds += 60;
  const answerOf = answerOfQueues([queue, deadLetters]);
  const endpoint = await startAwsEndpoint((call) => {
    answer?.(call, deadLetters);
    return answerOf(call);
  });
  const client = new SQSClient({
    endpoint: endpoint.environment['AWS_ENDPOINT_URL'] ?? '',
    region: 'eu-south-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await endpoint.close();
  });
  const urlOf = ({ name }: FifoQueue) => `${endpoint.environment['AWS_ENDPOINT_URL'] ?? ''}/111122223333/${name}`;
  const urls = { queueUrl: urlOf(queue), deadLetterQueueUrl: urlOf(deadLetters) };
  const lines: string[] = [];
  return {
    clock,
    queue,
    deadLetters,
    endpoint,
    urls,
    lines,
    run: (request: Partial<RedriveRequest> = {}) =>
      redrive(new DeadLetters(client, urls), { dryRun: false, ...request }, (line) => lines.push(line)),
    /** The dead letters that the next receive would return. */
    visible: () => deadLetters.messages.filter(({ visibleAt }) => visibleAt <= clock.seconds),
  };
}

function letter(reason: string | undefined, group: string = randomUUID()): Sent {
  return {
    MessageBody: JSON.stringify({ id: randomUUID(), type: 'payment.requested', paymentId: group }),
    MessageGroupId: group,
    MessageDeduplicationId: randomUUID(),
    MessageAttributes: {
      correlationId: { DataType: 'String', StringValue: 'correlation-1' },
      ...(reason !== undefined && { Reason: { DataType: 'String', StringValue: reason } }),
    },
  };
}

test('moves all dead letters back without their reason, in order per payment', async () => {
  const payment = randomUUID();
  const letters = [...Array.from({ length: 12 }, () => letter('Late.')), letter('A.', payment), letter('B.', payment)];
  const { run, queue, deadLetters } = await bench(letters);
  expect(await run()).toEqual({ seen: 14, moved: 14 });
  expect(deadLetters.messages).toEqual([]);
  const bodies = (group: string, messages: readonly Sent[]) =>
    messages.filter(({ MessageGroupId }) => MessageGroupId === group).map(({ MessageBody }) => MessageBody);
  for (const { MessageGroupId: group } of letters)
    expect(bodies(group, queue.messages)).toEqual(bodies(group, letters));
  for (const { MessageAttributes } of queue.messages) {
    expect(MessageAttributes).toEqual({ correlationId: { DataType: 'String', StringValue: 'correlation-1' } });
  }
});

test('a dead letter whose event was sent recently is not dropped as a duplicate', async () => {
  const dead = letter('Poison.');
  const { run, queue } = await bench([dead]);
  queue.send(dead);
  await run();
  expect(queue.messages).toHaveLength(2);
});

test('a dry run shows every dead letter with its reason and moves none', async () => {
  const { run, queue, lines, deadLetters, visible } = await bench([letter('No such payment.'), letter(undefined)]);
  expect(await run({ dryRun: true })).toEqual({ seen: 2, moved: 0 });
  expect(lines).toEqual([
    expect.stringMatching(/^\S+Z {2}stays {7}payment\.requested of payment \S+: No such payment\.$/),
    expect.stringMatching(
      /^\S+Z {2}stays {7}payment\.requested of payment \S+: none: the consumer crashed or timed out/,
    ),
  ]);
  expect([queue.messages.length, deadLetters.messages.length, visible().length]).toEqual([0, 2, 2]);
});

test('an invalid event is shown without its body', async () => {
  const { run, lines } = await bench([{ ...letter('Not JSON.'), MessageBody: 'card 4111111111111111' }]);
  await run();
  expect(lines).toEqual([expect.stringMatching(/moved back {2}unreadable of payment \S+: Not JSON\.$/)]);
  expect(lines.join()).not.toContain('4111');
});

test('with --reason, other dead letters stay', async () => {
  const { run, queue, visible } = await bench([
    letter('The acquirer timed out.'),
    letter('Unknown type.'),
    letter(undefined),
  ]);
  expect(await run({ reason: 'acquirer' })).toEqual({ seen: 3, moved: 1 });
  expect([queue.messages.length, visible().length]).toEqual([1, 2]);
});

test('dead letters that return during the run are skipped, so that it ends', async () => {
  const { run, deadLetters, visible } = await bench([letter('Poison.')], ({ target, input }, queue) => {
    // The consumer immediately sends redriven messages to the dead-letter queue again.
    if (target.endsWith('.SendMessage'))
      queue.send({ ...letter('Poison again.'), MessageBody: String(input['MessageBody']) });
  });
  expect(await run()).toEqual({ seen: 1, moved: 1 });
  expect([deadLetters.messages.length, visible().length]).toEqual([1, 1]);
});

test('a dead letter that the queue rejects stays visible', async () => {
  const { run, deadLetters, visible } = await bench([letter('Poison.')], ({ target }) => {
    if (target.endsWith('.SendMessage')) throw new AwsError('InternalError', 'The queue is away.');
  });
  await expect(run()).rejects.toThrow();
  expect([deadLetters.messages.length, visible().length]).toEqual([1, 1]);
});

test('the command reads the queues from the stack outputs', async () => {
  const { endpoint, urls, queue } = await bench([letter('Poison.')]);
  const folder = mkdtempSync(join(tmpdir(), 'redrive-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const outputs = (content: object) => {
    const path = join(folder, 'flat-outputs.json');
    writeFileSync(path, JSON.stringify(content));
    return ['--import', 'tsx', '../bin/redrive.mts', '--outputs', path];
  };
  const deployed = {
    ComputeRegion: 'eu-south-2',
    ComputePaymentQueueUrl: urls.queueUrl,
    ComputePaymentDeadLetterQueueUrl: urls.deadLetterQueueUrl,
  };
  const { environment } = endpoint;
  const dry = startNode([...outputs(deployed), '--dry-run'], { environment });
  expect([await dry.ended, dry.output.at(-1)]).toEqual([0, '1 dead letters, 0 moved back']);
  const real = startNode(outputs(deployed), { environment });
  expect([await real.ended, real.output.at(-1)]).toEqual([0, '1 dead letters, 1 moved back']);
  expect(queue.messages).toHaveLength(1);
  const other = startNode(outputs({ ComputeRegion: 'eu-south-2' }), { environment });
  expect([await other.ended, other.output.join()]).toEqual([
    1,
    expect.stringContaining('has no output ComputePaymentQueueUrl'),
  ]);
});
