import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recoverStuckOperations } from '../../src/payments/recovery.ts';
import { endLease, newPayment, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

/** The points at which the process dies. The first and the last are within a transaction. */
type CrashPoint = 'storing prepared' | 'prepared' | 'answered' | 'storing finished';

let platform: TestPlatform;
let crashPoint: CrashPoint | undefined;
beforeAll(async () => {
  platform = await startPlatform({
    checkpoint(step) {
      if (step === crashPoint) throw new Error('The process died here.');
    },
  });
  await platform.database.superuser.query(`
    CREATE TABLE public.crash (point text);
    CREATE FUNCTION public.crash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN
        IF EXISTS (SELECT FROM public.crash WHERE point = 'storing ' || NEW.recovery_point) THEN RAISE 'The process died here.'; END IF;
        RETURN NEW;
      END $$;
    CREATE TRIGGER crash BEFORE INSERT OR UPDATE ON payments.idempotency_keys FOR EACH ROW EXECUTE FUNCTION public.crash();
  `);
});
beforeEach(() => crashAt(undefined));
afterAll(() => platform.close());

async function crashAt(point: CrashPoint | undefined): Promise<void> {
  crashPoint = point;
  await platform.database.superuser.query('DELETE FROM public.crash');
  await platform.database.superuser.query('INSERT INTO public.crash VALUES ($1)', [point]);
}

const recover = () => recoverStuckOperations({ ...platform, pool: platform.database.api }, 0);

/** The total effects on database and acquirer. */
async function countOfAll(): Promise<Record<string, number>> {
  const { rows } = await platform.database.superuser.query<Record<string, number>>(
    `SELECT (SELECT count(*) FROM payments.payments) AS payments, (SELECT count(*) FROM payments.postings) AS postings,
       (SELECT count(*) FROM payments.refunds) AS refunds, (SELECT count(*) FROM payments.outbox) AS outbox,
       (SELECT count(*) FROM payments.payment_events) AS events`,
  );
  return { ...rows[0], charges: platform.acquirer.charges.length };
}

/** The effects of each request, once, wherever its process died. */
const operations = {
  payment: { status: 201, adds: { payments: 1, charges: 1, postings: 1, refunds: 0, outbox: 1, events: 3 } },
  capture: { status: 200, adds: { payments: 0, charges: 1, postings: 1, refunds: 0, outbox: 1, events: 1 } },
  void: { status: 200, adds: { payments: 0, charges: 1, postings: 0, refunds: 0, outbox: 1, events: 1 } },
  refund: { status: 201, adds: { payments: 0, charges: 1, postings: 1, refunds: 1, outbox: 1, events: 1 } },
} as const;
type OperationName = keyof typeof operations;
const names = Object.keys(operations) as OperationName[];
const across = (points: readonly CrashPoint[]) =>
  points.flatMap((point) => names.map((name) => [name, point] as const));

/** A repeatable request, and the effects before it. */
async function requestFor(name: OperationName) {
  const capture = name === 'payment' || name === 'refund' ? 'automatic' : 'manual';
  const { id } = name === 'payment' ? { id: '' } : await platform.pay({ capture });
  const path = name === 'payment' ? '/payments' : `/payments/${id}/${name === 'refund' ? 'refunds' : name}`;
  const body = name === 'payment' ? { ...newPayment, capture } : {};
  const key = randomUUID();
  const before = await countOfAll();
  return {
    key,
    send: () => platform.post(path, body, { 'idempotency-key': key }),
    added: async () => {
      const now = await countOfAll();
      return Object.fromEntries(Object.entries(now).map(([what, count]) => [what, count - (before[what] ?? 0)]));
    },
  };
}

describe('a retry with the same key finishes', () => {
  test.each(across(['prepared', 'answered', 'storing finished']))('a %s that died at "%s"', async (name, point) => {
    const { key, send, added } = await requestFor(name);
    await crashAt(point);
    expectProblem(await send(), 500, 'internal');
    await crashAt(undefined);

    expectProblem(await send(), 409, 'request-in-progress');
    await endLease(platform, key);
    const resumed = await send();
    expect(resumed.statusCode).toBe(operations[name].status);
    expect(await added()).toEqual(operations[name].adds);

    const replayed = await send();
    expect([replayed.headers['idempotent-replayed'], replayed.body]).toEqual(['true', resumed.body]);
  });

  test.each(across(['storing prepared']))('a %s that died at "%s" as a new request', async (name, point) => {
    const { send, added } = await requestFor(name);
    await crashAt(point);
    expectProblem(await send(), 500, 'internal');
    expect(Object.values(await added())).toEqual([0, 0, 0, 0, 0, 0]);
    await crashAt(undefined);
    expect((await send()).statusCode).toBe(operations[name].status);
    expect(await added()).toEqual(operations[name].adds);
  });
});

describe('the recovery finishes, without a request,', () => {
  test.each(across(['prepared', 'answered', 'storing finished']))('a %s that died at "%s"', async (name, point) => {
    const { key, send, added } = await requestFor(name);
    await crashAt(point);
    expectProblem(await send(), 500, 'internal');
    await crashAt(undefined);

    await endLease(platform, key);
    expect(await recover()).toBe(1);
    expect(await added()).toEqual(operations[name].adds);
    expect(await recover()).toBe(0);

    const replayed = await send();
    expect([replayed.headers['idempotent-replayed'], replayed.statusCode]).toEqual(['true', operations[name].status]);
    expect(await added()).toEqual(operations[name].adds);
  });
});
