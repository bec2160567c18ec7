import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type LogSource, logPath } from '../../src/local/log-files.ts';
import { eventually } from '../support/eventually.ts';
import { startReady, temporaryDataDirectory } from '../support/local-platform.ts';
import { newPayment } from '../support/platform.ts';

test('the correlation id of a request is in the logs of edge, API, consumer and database, and in its trace', async () => {
  const directory = temporaryDataDirectory();
  const { url, apiKey, launcher } = await startReady(directory, '--trace');
  // Not a UUID, so that the platform did not generate it, and of the length that PostgreSQL keeps.
  const mine = `order-4711_${'x'.repeat(52)}`;
  const pay = (correlationId: string) =>
    fetch(`${url}/api/v1/payments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        'x-correlation-id': correlationId,
      },
      body: JSON.stringify({ ...newPayment, capture: 'automatic' }),
    });
  const lines = (part: LogSource, id = mine) =>
    (existsSync(logPath(directory, part)) ? readFileSync(logPath(directory, part), 'utf8') : '')
      // A statement may span lines; each log entry starts with its time or a brace.
      .split(/\n(?=\d{4}-\d\d-\d\d |\{)/)
      .filter((line) => line.includes(id));
  const consumed = (id: string) => lines('api', id).filter((line) => line.includes('events consumed'));
  const other = randomUUID();
  for (const id of [mine, other]) {
    const answer = await pay(id);
    expect({ status: answer.status, id: answer.headers.get('x-correlation-id') }).toEqual({ status: 201, id });
    // In sequence, because concurrent requests share a transaction with another application_name.
    await eventually('both events are consumed', () => consumed(id).length === 1);
  }
  await eventually('the database has logged what the consumer did', () =>
    lines('database', other).some((line) => line.includes('consume_event')),
  );
  launcher.kill('SIGTERM');
  expect(await launcher.ended).toBe(0);

  const logged = [...lines('edge'), ...lines('api')].map((line) => JSON.parse(line) as Record<string, unknown>);
  const ofRequests = logged.filter(({ message }) => message !== 'span');
  const request = { correlationId: mine, message: 'request', method: 'POST', statusCode: 201 };
  expect(ofRequests).toMatchObject([
    { ...request, route: '/api/*' },
    { ...request, route: '/api/v1/payments' },
    {
      component: 'consumer',
      message: 'events consumed',
      events: ['payment.authorized', 'payment.captured'].map((eventType) => ({ eventType, correlationId: mine })),
    },
  ]);
  const spans = logged.filter(({ message }) => message === 'span');
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['POST /api/v1/payments', 'acquirer', 'consume payment.captured']),
  );
  expect(launcher.output.filter((line) => line.includes('"span"') && line.includes(mine))).toHaveLength(spans.length);
  const ofDatabase = lines('database');
  for (const statement of ['payments.begin_payments', 'payments.finish_operations', 'payments.consume_events'])
    expect(ofDatabase.filter((line) => line.includes(`:${mine}:LOG:`) && line.includes(statement))).not.toEqual([]);
  expect(ofDatabase.filter((line) => line.includes(other))).toEqual([]);
});
