import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BookLine } from '../acquirer/book.ts';
import type { Intention } from '../load/intention.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { check, rules } from './check.ts';
import { type PlantedCase, plantCase } from './planted-case.ts';
import { readRecorded } from './recorded.ts';

let database: TestDatabase;
let first: PlantedCase;
let second: PlantedCase;
let intentions: Intention[];
let book: BookLine[];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const tables = ['merchants', 'outbox', 'event_receipts'].map((table) => `payments.${table}`).join(', ');
beforeEach(async () => {
  await withoutTriggers(`TRUNCATE ${tables} CASCADE`);
  first = await plantCase(database.superuser, 'first');
  second = await plantCase(database.superuser, 'second');
  intentions = [...first.intentions, ...second.intentions];
  book = [...first.book, ...second.book];
});

/** Runs SQL with triggers and constraints disabled. */
async function withoutTriggers(sql: string): Promise<void> {
  const client = await database.superuser.connect();
  try {
    await client.query('BEGIN; SET LOCAL session_replication_role = replica');
    await client.query(sql);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

async function findings() {
  const { host, port, user, password } = database.superuser.options;
  const client = new pg.Client({ host, port, user, password: password as string, database: database.name });
  await client.connect();
  try {
    return check({ intentions, book, recorded: await readRecorded(client) });
  } finally {
    await client.end();
  }
}

/** Changes the response to the last request of the first merchant. */
const told = (changes: object): Intention['told'] => {
  const body = first.intentions[1]?.told[0]?.body ?? '';
  const { payment } = JSON.parse(body) as { payment: object };
  return [{ status: 201, body: JSON.stringify({ payment: { ...payment, ...changes } }) }];
};
const line = (index: number, changes: Partial<BookLine>): BookLine => {
  const found = first.book[index];
  if (!found) throw new Error(`The book has no line ${index}.`);
  return { ...found, ...changes };
};

const names = {
  there: 'an acknowledged payment is there, once, and belongs to who asked for it',
  told: 'amounts and states are what the client was told last',
  same: 'every answer under a key is the same',
  surprise: 'no client gets an answer that nobody should',
  silence: 'everyone who asks until there is an answer gets one',
  charged: 'the acquirer was charged once for each key',
  stored: 'what is stored is what the acquirer did',
  entries: 'each payment has its own entries, and each posting sums to zero',
  events: 'each event is in the outbox, was delivered, and was counted once',
  halfway: 'no payment is left half-way',
  keys: 'each merchant has each of its keys once, with the answer that it was given',
  totals: 'the consumer counted each event once',
} as const;

test('three witnesses who agree leave nothing to find, and every rule is named here', async () => {
  expect(await findings()).toEqual([]);
  expect(rules.sort()).toEqual(Object.values(names).sort());
});

/** The values of the placeholders. */
const places = (): Record<string, string | undefined> => ({
  merchant: first.merchantId,
  payment: first.paymentId,
  capture: first.postingIds[0],
  refund: first.postingIds[1],
  authorized: first.eventIds[0],
  captured: first.eventIds[1],
  refunded: first.eventIds[2],
  otherMerchant: second.merchantId,
  otherPayment: second.paymentId,
});

test.each([
  ['an acknowledged payment that is lost', names.there, 'DELETE FROM payments.payments WHERE id = {payment}'],
  [
    'a payment that is there twice',
    names.there,
    `INSERT INTO payments.payments (id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token)
     SELECT gen_random_uuid(), merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token
     FROM payments.payments WHERE id = {payment}`,
  ],
  [
    'a payment under another merchant',
    names.there,
    'UPDATE payments.payments SET merchant_id = {otherMerchant} WHERE id = {payment}',
  ],
  [
    'a payment without entries, though all entries still sum to zero',
    names.entries,
    `WITH entries AS (DELETE FROM payments.entries WHERE payment_id = {payment})
     DELETE FROM payments.postings WHERE payment_id = {payment}`,
  ],
  ['a posting without entries', names.entries, 'DELETE FROM payments.entries WHERE posting_id = {refund}'],
  [
    'a posting that does not balance',
    names.entries,
    `UPDATE payments.entries SET amount_minor = amount_minor + 1 WHERE posting_id = {capture} AND account = 'merchant_payable'`,
  ],
  [
    'a posting whose entries are of another payment',
    names.entries,
    'UPDATE payments.entries SET payment_id = {otherPayment} WHERE payment_id = {payment}',
  ],
  [
    'an amount that balances and is wrong',
    names.entries,
    'UPDATE payments.entries SET amount_minor = amount_minor * 2 WHERE posting_id = {capture}',
  ],
  [
    'a payment that is stuck',
    names.halfway,
    'UPDATE payments.payments SET pending_operation = gen_random_uuid() WHERE id = {payment}',
  ],
  [
    'a key that is stuck',
    names.keys,
    `UPDATE payments.idempotency_keys SET recovery_point = 'prepared', response_status = NULL, response = NULL, finished_at = NULL
     WHERE merchant_id = {merchant}`,
  ],
  [
    'a key that stands under another merchant',
    names.keys,
    `UPDATE payments.idempotency_keys SET merchant_id = {otherMerchant}, key = key || '-a' WHERE merchant_id = {merchant}`,
  ],
  [
    'a key that two merchants share',
    names.keys,
    'DELETE FROM payments.idempotency_keys WHERE merchant_id = {merchant}',
  ],
  [
    'an answer that was stored otherwise than given',
    names.keys,
    `UPDATE payments.idempotency_keys SET response = '{}' WHERE merchant_id = {merchant}`,
  ],
  ['a change without its entry in the outbox', names.events, 'DELETE FROM payments.outbox WHERE id = {authorized}'],
  [
    'an event that its entry does not tell',
    names.events,
    'UPDATE payments.outbox SET additional_events = NULL WHERE id = {authorized}',
  ],
  [
    'an event that its entry tells twice',
    names.events,
    'UPDATE payments.outbox SET additional_events = additional_events || additional_events WHERE id = {authorized}',
  ],
  [
    'an event that two entries tell',
    names.events,
    `UPDATE payments.outbox SET additional_events = (SELECT additional_events FROM payments.outbox WHERE id = {authorized}) WHERE id = {refunded}`,
  ],
  [
    'an event that is told with another amount',
    names.events,
    `UPDATE payments.outbox SET additional_events = jsonb_set(additional_events, '{0, amount_minor}', '1') WHERE id = {authorized}`,
  ],
  ['an event that never happened', names.events, 'DELETE FROM payments.payment_events WHERE id = {captured}'],
  [
    'an event that was not delivered',
    names.events,
    'UPDATE payments.outbox SET delivered_at = NULL WHERE id = {refunded}',
  ],
  [
    'events of one entry that were not delivered',
    names.events,
    'UPDATE payments.outbox SET delivered_at = NULL WHERE id = {authorized}',
  ],
  ['an event that nobody consumed', names.events, 'DELETE FROM payments.event_receipts WHERE event_id = {refunded}'],
  [
    'an event that was counted twice',
    names.totals,
    'UPDATE payments.daily_totals SET captured_minor = captured_minor * 2 WHERE merchant_id = {merchant}',
  ],
  ['totals that are gone', names.totals, 'DELETE FROM payments.daily_totals WHERE merchant_id = {merchant}'],
  [
    'a state that the client was not told',
    names.told,
    `UPDATE payments.payments SET status = 'captured' WHERE id = {payment}`,
  ],
])('in the database, %s is found', async (_what, rule, sql) => {
  const known = places();
  await withoutTriggers(sql.replaceAll(/\{(\w+)\}/g, (_match, place: string) => `'${known[place] ?? ''}'`));
  expect((await findings()).map((finding) => finding.rule)).toContain(rule);
});

test.each<[what: string, lines: () => BookLine[], rule?: string]>([
  ['a payment that was charged twice', () => [...book, line(0, { reference: 'again' })]],
  ['a refund that was given twice', () => [...book, line(1, { reference: 'again' })]],
  ['a charge that nobody asked for', () => [...book, line(1, { reference: 'more', amountMinor: 7 })]],
  ['a charge for no payment', () => [...book, line(0, { reference: 'else', paymentToken: 'tok_else' })]],
  ['a reference that meant two things', () => [...book, line(0, { kind: 'conflict' })]],
  ['an approval that was never given', () => book.filter((each) => each !== first.book[1])],
  ['a charge of another amount', () => [line(0, { amountMinor: 999 }), ...book.slice(1)], names.stored],
])("in the acquirer's book, %s is found", async (_what, lines, rule = names.charged) => {
  book = lines();
  expect((await findings()).map((finding) => finding.rule)).toContain(rule);
});

test.each<[what: string, rule: string, changes: () => Partial<Intention>]>([
  ['an amount that is not stored', names.told, () => ({ told: told({ refundedAmountMinor: 301 }) })],
  ['two answers under one key', names.same, () => ({ told: [...told({}), ...told({ status: 'refunded' })] })],
  ['an answer that nobody should get', names.surprise, () => ({ surprises: ['500 {}'] })],
  ['silence', names.silence, () => ({ state: 'open', told: [] })],
])('in what clients were told, %s is found', async (_what, rule, changes) => {
  intentions = intentions.map((each) => (each === first.intentions[1] ? { ...each, ...changes() } : each));
  expect((await findings()).map((finding) => finding.rule)).toContain(rule);
});

test('a payment that was accepted, and is lost before anyone asked how it ended, is found', async () => {
  const [create] = first.intentions;
  if (!create) throw new Error('Nothing was asked for.');
  intentions = [{ ...create, state: 'abandoned', told: [], accepted: 1 }, ...second.intentions];
  book = second.book;
  await withoutTriggers(`DELETE FROM payments.payments WHERE id = '${first.paymentId}'`);
  expect((await findings()).filter(({ rule }) => rule === names.there)).toMatchObject([
    { text: 'was accepted and is lost' },
  ]);
});

test('what judges knows nothing of the code that is judged', () => {
  const folder = new URL('.', import.meta.url);
  const judges = readdirSync(folder).filter((file) => !file.endsWith('.test.ts'));
  expect(judges.length).toBeGreaterThan(4);
  for (const file of judges) expect(readFileSync(new URL(file, folder), 'utf8'), file).not.toMatch(/from '.*\/src\//);
});
