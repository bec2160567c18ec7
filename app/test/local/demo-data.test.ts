import { expect, test } from 'vitest';
import { demoPayments } from '../../src/local/demo/demo-payments.ts';
import { type Payment } from '../../src/payments/payment.ts';
import { eventually } from '../support/eventually.ts';
import {
  type ReadyPlatform,
  startReady,
  startWithDemoData,
  temporaryDataDirectory,
} from '../support/local-platform.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

async function all<Item>({ api }: ReadyPlatform, path: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page<Item> = await api('GET', `${path}?limit=50${cursor && `&cursor=${cursor}`}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

async function stop({ launcher }: ReadyPlatform): Promise<void> {
  launcher.kill('SIGINT');
  expect(await launcher.ended).toBe(0);
}

const day = 86_400_000;

test('the first start adds two months of payments, and a later one none', async () => {
  const directory = temporaryDataDirectory();
  const started = Date.now();
  const platform = await startWithDemoData(directory);
  const payments = await all<Payment>(platform, '/payments');

  const plan = demoPayments();
  expect(payments.map(({ reference }) => reference)).toEqual(
    plan.map(({ newPayment }) => newPayment.reference).reverse(),
  );
  const ages = payments.map(({ createdAt }) => (started - Date.parse(createdAt)) / day);
  expect(Math.min(...ages)).toBeGreaterThan(0);
  expect(Math.max(...ages)).toBeGreaterThan(58);
  expect(Math.max(...ages)).toBeLessThan(61);
  expect(payments.every(({ createdAt, updatedAt }) => Date.parse(updatedAt) >= Date.parse(createdAt))).toBe(true);
  expect(payments.every(({ updatedAt }) => Date.parse(updatedAt) < started)).toBe(true);
  expect(new Set(payments.map(({ currency }) => currency))).toEqual(new Set(['EUR', 'USD', 'JPY']));
  expect(new Set(payments.map(({ status }) => status))).toEqual(
    new Set(['authorized', 'declined', 'captured', 'voided', 'partially_refunded', 'refunded']),
  );

  const { items: balances } = await platform.api<Page<{ currency: string; account: string; balanceMinor: number }>>(
    'GET',
    '/ledger/balances',
  );
  for (const currency of ['EUR', 'USD', 'JPY']) {
    const of = payments.filter((payment) => payment.currency === currency);
    const kept = of.reduce((sum, payment) => sum + payment.capturedAmountMinor - payment.refundedAmountMinor, 0);
    const accounts = balances.filter((balance) => balance.currency === currency);
    expect(accounts.find(({ account }) => account === 'acquirer_receivable')?.balanceMinor).toBe(kept);
    expect(accounts.reduce((sum, { balanceMinor }) => sum + balanceMinor, 0)).toBe(0);
  }

  const refunded = payments.find(({ status }) => status === 'refunded');
  const { items: timeline } = await platform.api<Page<{ type: string; occurredAt: string }>>(
    'GET',
    `/payments/${refunded?.id ?? ''}/events`,
  );
  const times = timeline.map(({ occurredAt }) => occurredAt);
  expect(times).toEqual([...times].sort());
  expect(Date.parse(times.at(-1) ?? '') - Date.parse(times[0] ?? '')).toBeGreaterThan(3_600_000);

  const documented = plan.findIndex(({ steps }) => steps.some(({ step }) => step.kind === 'document'));
  const { items: documents } = await platform.api<Page<{ status: string; createdAt: string }>>(
    'GET',
    `/payments/${payments.at(-1 - documented)?.id ?? ''}/documents`,
  );
  expect(documents).toEqual([expect.objectContaining({ status: 'stored' })]);
  expect(started - Date.parse(documents[0]?.createdAt ?? '')).toBeGreaterThan(day);

  // After the API has started, each event is counted for its day.
  await eventually('every day has its totals', async () => {
    const { items } = await platform.api<Page<{ day: string }>>('GET', '/summary/daily');
    return new Set(items.map((total) => total.day)).size > 20;
  });
  await stop(platform);

  const again = await startWithDemoData(directory);
  expect(await all<Payment>(again, '/payments')).toHaveLength(payments.length);
  await stop(again);
});

test('--empty adds no demo data', async () => {
  const platform = await startReady(temporaryDataDirectory());
  expect(await all<Payment>(platform, '/payments')).toEqual([]);
  await stop(platform);
});

test('the demo payments are deterministic', () => {
  expect(demoPayments()).toEqual(demoPayments());
});
