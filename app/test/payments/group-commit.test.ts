import fc from 'fast-check';
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SimulatedAcquirer } from '../../src/acquirer/simulator.ts';
import type { NewPayment } from '../../src/payments/payment.ts';
import type { PaymentResult } from '../../src/payments/payment-result.ts';
import { PaymentService } from '../../src/payments/payment-service.ts';
import { Problem } from '../../src/problems.ts';
import { noMetrics } from '../../src/telemetry/business-metrics.ts';
import {
  endLease,
  newMerchant,
  newPayment,
  type PaymentBody,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

/* Concurrent requests share transactions, but nothing else. */

let platform: TestPlatform;
let merchants: readonly string[];
let crash: boolean;
beforeAll(async () => {
  platform = await startPlatform({
    checkpoint: () => {
      if (crash) throw new Error('The process died here.');
    },
  });
  merchants = [platform.merchantId, (await newMerchant(platform.database, 'Another merchant')).merchantId];
});
beforeEach(() => {
  crash = false;
});
afterAll(() => platform.close());

interface Wish {
  readonly merchant: number;
  readonly key: string;
  readonly amountMinor: number;
  readonly paymentToken?: string;
  readonly correlationId?: string;
}

const hashOf = ({ amountMinor, paymentToken = 'tok_approve' }: Wish) =>
  createHash('sha256').update(`${amountMinor} ${paymentToken}`).digest();

/** The outcome of a request: its response, problem or error. */
type End = PaymentResult | Problem | Error;

async function ask(service: PaymentService, wish: Wish): Promise<End> {
  const { merchant, key, amountMinor, paymentToken = 'tok_approve', correlationId = randomUUID() } = wish;
  const payment: NewPayment = { amountMinor, currency: 'EUR', paymentToken, capture: 'automatic', reference: key };
  return service
    .handle(
      { merchantId: merchants[merchant] ?? '', correlationId, key, requestHash: hashOf(wish) },
      { newPayment: payment, queued: false },
    )
    .catch((error: unknown) => error as Error);
}

/** Sends all concurrently: the first runs alone, the others in one batch. */
const askTogether = (wishes: readonly Wish[], service = platform.payments) =>
  Promise.all(wishes.map((wish) => ask(service, wish)));

/** The response body. */
const bodyOf = ({ payment }: PaymentResult) => JSON.stringify(payment);

const describeEnd = (end: End) => {
  if (end instanceof Problem) return end.slug;
  if (end instanceof Error) return 'failed';
  return `${end.replayed ? 'replayed ' : ''}${end.payment.status}`;
};

const wishes = (count: number, changes: Partial<Wish> = {}): Wish[] =>
  Array.from({ length: count }, (_, index) => ({
    merchant: index % 2,
    key: randomUUID(),
    amountMinor: 100 + index,
    ...changes,
  }));

async function query<Row extends object>(sql: string, values: unknown[]): Promise<Row[]> {
  return (await platform.database.superuser.query<Row>(sql, values)).rows;
}

describe('concurrent payments', () => {
  test('are stored in few transactions, each for its own merchant', async () => {
    const wanted = wishes(40);
    expect((await askTogether(wanted)).map(describeEnd)).toEqual(wanted.map(() => 'captured'));
    const [stored] = await query(
      `SELECT count(DISTINCT p.id) AS payments, count(DISTINCT created.xmin::text) AS beginnings, count(DISTINCT p.xmin::text) AS endings,
         bool_and(p.merchant_id = ($2::uuid[])[1 + p.amount_minor % 2]) AS owned
       FROM payments.payments p JOIN payments.payment_events created ON created.payment_id = p.id AND created.type = 'payment.created'
       WHERE p.reference = ANY ($1)`,
      [wanted.map(({ key }) => key), merchants],
    );
    expect(stored).toMatchObject({ payments: 40, owned: true, beginnings: 1 });
    expect((stored as { endings: number }).endings).toBeLessThan(10);
  });

  test('are logged with the application_name of their database session', async () => {
    const correlationIds = [randomUUID(), randomUUID(), randomUUID()];
    await askTogether(correlationIds.flatMap((correlationId) => wishes(1, { correlationId })));
    const lines = platform.log.map(
      (line) => JSON.parse(line) as { message?: string; msg?: string; correlationIds?: string[] },
    );
    const groups = lines.filter(({ correlationIds: ids }) => ids?.includes(correlationIds[2] ?? ''));
    expect(groups.map(({ correlationIds: ids }) => ids)).toContainEqual(correlationIds);
    const { rows } = await platform.database.superuser.query<{ application_name: string }>(
      `SELECT application_name FROM pg_stat_activity WHERE datname = $1 AND usename = 'payments_api'`,
      [platform.database.name],
    );
    expect(rows.filter(({ application_name: name }) => name !== '')).toEqual([]);
  });

  test('succeed beside one that the database rejects', async () => {
    const wanted = [...wishes(5), ...wishes(1, { amountMinor: 0 }), ...wishes(5)];
    expect((await askTogether(wanted)).map(describeEnd)).toEqual(
      wanted.map(({ amountMinor }) => (amountMinor === 0 ? 'failed' : 'captured')),
    );
  });

  test('succeed beside one whose key is locked, which returns 409 with Retry-After', async () => {
    const key = randomUUID();
    const holder = await platform.database.superuser.connect();
    try {
      await holder.query('BEGIN');
      await holder.query(
        `INSERT INTO payments.idempotency_keys (merchant_id, key, operation_id, request_hash) VALUES ($1, $2, $3, $4)`,
        [platform.merchantId, key, randomUUID(), Buffer.alloc(32)],
      );
      const before = askTogether(wishes(3));
      const held = platform.post('/payments', newPayment, { 'idempotency-key': key });
      const after = askTogether(wishes(3));
      expect((await Promise.all([before, after])).flat().map(describeEnd)).toEqual(Array(6).fill('captured'));
      const response = await held;
      expectProblem(response, 503, 'overloaded');
      expect(response.headers['retry-after']).toBe('2');
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
    expect((await platform.post('/payments', newPayment, { 'idempotency-key': key })).statusCode).toBe(201);
  });

  test('are declined, replayed or rejected independently', async () => {
    const [known, reused] = wishes(2);
    if (!known || !reused) throw new Error('There are two.');
    await askTogether([known, reused]);
    const [twice] = wishes(1);
    const together = [
      ...wishes(2),
      known,
      { ...reused, amountMinor: 999 },
      ...wishes(1, { paymentToken: 'tok_decline_stolen_card' }),
      ...(twice ? [twice, twice] : []),
    ];
    const ends = (await askTogether(together)).map(describeEnd);
    expect(ends.slice(0, 5)).toEqual([
      'captured',
      'captured',
      'replayed captured',
      'idempotency-key-reused',
      'declined',
    ]);
    const [winner, loser] = ends.slice(5).sort();
    expect(winner).toBe('captured');
    expect(['replayed captured', 'request-in-progress']).toContain(loser);
  });

  test('resume after a crash and are charged once', async () => {
    const wanted = wishes(10);
    crash = true;
    expect((await askTogether(wanted)).map(describeEnd)).toEqual(wanted.map(() => 'failed'));
    crash = false;
    const charges = platform.acquirer.charges.length;
    for (const { key } of wanted) await endLease(platform, key);
    const ends = await askTogether([...wanted, ...wanted]);
    expect(ends.map(describeEnd).filter((end) => end === 'captured')).toHaveLength(10);
    expect(platform.acquirer.charges.length - charges).toBe(10);
    const postings = await query(
      `SELECT FROM payments.postings JOIN payments.payments p ON p.id = payment_id WHERE p.reference = ANY ($1)`,
      [wanted.map(({ key }) => key)],
    );
    expect(postings).toHaveLength(10);
  });
});

test('two processes with the same keys in opposite orders do not deadlock', async () => {
  const another = new PaymentService({
    pool: platform.database.api,
    metrics: noMetrics,
    logger: platform.logger,
    acquirer: new SimulatedAcquirer(),
  });
  for (let round = 0; round < 20; round += 1) {
    const wanted = wishes(30);
    const [forth, back] = await Promise.all([
      askTogether(wanted),
      askTogether([...wanted].reverse(), another).then((ends) => ends.reverse()),
    ]);
    for (const [index, end] of forth.entries()) {
      const both = [end, back[index] ?? new Error('none')].map(describeEnd);
      expect(both.filter((each) => each === 'captured')).toHaveLength(1);
      expect(['request-in-progress', 'replayed captured', 'captured']).toEqual(expect.arrayContaining(both));
    }
  }
  await expect
    .poll(() => query('SELECT deadlocks FROM pg_stat_database WHERE datname = $1', [platform.database.name]))
    .toEqual([{ deadlocks: 0 }]);
});

test('concurrent requests have the outcomes of sequential ones', async () => {
  const wish = fc.record({
    merchant: fc.integer({ min: 0, max: 1 }),
    key: fc.integer({ min: 1, max: 4 }).map(String),
    amountMinor: fc.constantFrom(0, 100, 200),
    paymentToken: fc.constantFrom('tok_approve', 'tok_decline_stolen_card'),
  });
  const waves = fc.array(fc.array(wish, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(waves, async (all) => {
      const run = randomUUID();
      const first = new Map<string, { hash: string; body: string }>();
      const placeOf = ({ merchant, key }: Wish) => `${merchant} ${key}`;
      for (const wave of all.map((each) => each.map((one) => ({ ...one, key: `${run} ${one.key}` })))) {
        const before = new Set(first.keys());
        const ends = await askTogether(wave);
        // Which of equal requests was first is not known.
        for (const [index, end] of ends.entries()) {
          const one = wave[index];
          if (!one || end instanceof Error || end.replayed) continue;
          expect(first.has(placeOf(one))).toBe(false);
          first.set(placeOf(one), { hash: hashOf(one).toString('hex'), body: bodyOf(end) });
        }
        for (const [index, end] of ends.entries()) {
          const one = wave[index];
          if (!one) continue;
          const winner = first.get(placeOf(one));
          if (!winner) {
            // A request that the database rejects leaves its key unused.
            expect([one.amountMinor, describeEnd(end)]).toEqual([0, 'failed']);
          } else if (winner.hash !== hashOf(one).toString('hex')) {
            const refused = one.amountMinor === 0 && !before.has(placeOf(one)) ? ['failed'] : [];
            expect(['idempotency-key-reused', ...refused]).toContain(describeEnd(end));
          } else if (end instanceof Error) {
            expect([before.has(placeOf(one)), describeEnd(end)]).toEqual([false, 'request-in-progress']);
          } else {
            expect(bodyOf(end)).toBe(winner.body);
          }
        }
      }
      const stored = await query<{ id: string; status: string; entries: number }>(
        `SELECT p.id, p.status, (SELECT count(*) FROM payments.entries e WHERE e.payment_id = p.id) AS entries
         FROM payments.payments p WHERE p.reference LIKE $1`,
        [`${run} %`],
      );
      const bodies = [...first.values()].map(({ body }) => JSON.parse(body) as PaymentBody);
      const byId = (left: { id: string }, right: { id: string }) => left.id.localeCompare(right.id);
      expect(stored.sort(byId)).toEqual(
        bodies.sort(byId).map(({ id, status }) => ({ id, status, entries: status === 'captured' ? 2 : 0 })),
      );
    }),
    { numRuns: 25 },
  );
});
