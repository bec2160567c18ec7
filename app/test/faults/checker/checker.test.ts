import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JournalLine } from '../acquirer/journal.ts';
import type { Intention } from '../load/intention.ts';
import type { Receipt } from '../receiver/receipts.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { check, rules } from './check.ts';
import { type PlantedCase, plantCase } from './planted-case.ts';
import { readRecorded } from './recorded.ts';

let database: TestDatabase;
let first: PlantedCase;
let second: PlantedCase;
let intentions: Intention[];
let journal: JournalLine[];
let receipts: Receipt[];
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
  journal = [...first.journal, ...second.journal];
  receipts = [...first.receipts, ...second.receipts];
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
    return check({ intentions, journal, receipts, recorded: await readRecorded(client) });
  } finally {
    await client.end();
  }
}

/** Changes the response to the last request of the first merchant. */
const changedResponse = (changes: object): Intention['responses'] => {
  const body = first.intentions[1]?.responses[0]?.body ?? '';
  const { payment } = JSON.parse(body) as { payment: object };
  return [{ status: 201, body: JSON.stringify({ payment: { ...payment, ...changes } }) }];
};
const line = (index: number, changes: Partial<JournalLine>): JournalLine => {
  const found = first.journal[index];
  if (!found) throw new Error(`The journal has no line ${index}.`);
  return { ...found, ...changes };
};

const names = {
  there: 'an acknowledged payment exists once, for the merchant that created it',
  lastResponse: 'amounts and status equal the last response',
  same: 'every final response for a key is the same',
  unexpected: 'no client receives an unexpected response',
  silence: 'every retried request receives a final response',
  charged: 'the acquirer executes each operation once',
  stored: "the database equals the acquirer's journal",
  entries: 'each payment has its ledger entries, and each posting sums to zero',
  events: 'each event is in the outbox once, delivered and consumed once',
  halfway: 'no payment is left in progress',
  keys: 'each key is stored with the response that the client received',
  webhooks: 'each event reaches the endpoint of its merchant, signed, in order for each payment',
  totals: 'the daily totals count each event once',
} as const;

test('consistent records have no findings, and this test covers every rule', async () => {
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
    'a duplicate payment',
    names.there,
    `INSERT INTO payments.payments (id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token)
     SELECT gen_random_uuid(), merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token
     FROM payments.payments WHERE id = {payment}`,
  ],
  [
    'a payment of another merchant',
    names.there,
    'UPDATE payments.payments SET merchant_id = {otherMerchant} WHERE id = {payment}',
  ],
  [
    'a payment without entries, although all entries sum to zero',
    names.entries,
    `WITH entries AS (DELETE FROM payments.entries WHERE payment_id = {payment})
     DELETE FROM payments.postings WHERE payment_id = {payment}`,
  ],
  ['a posting without entries', names.entries, 'DELETE FROM payments.entries WHERE posting_id = {refund}'],
  [
    'an unbalanced posting',
    names.entries,
    `UPDATE payments.entries SET amount_minor = amount_minor + 1 WHERE posting_id = {capture} AND account = 'merchant_payable'`,
  ],
  [
    'a posting with entries of another payment',
    names.entries,
    'UPDATE payments.entries SET payment_id = {otherPayment} WHERE payment_id = {payment}',
  ],
  [
    'a wrong but balanced amount',
    names.entries,
    'UPDATE payments.entries SET amount_minor = amount_minor * 2 WHERE posting_id = {capture}',
  ],
  [
    'a payment in progress',
    names.halfway,
    'UPDATE payments.payments SET pending_operation = gen_random_uuid() WHERE id = {payment}',
  ],
  [
    'a key in progress',
    names.keys,
    `UPDATE payments.idempotency_keys SET recovery_point = 'prepared', response_status = NULL, response = NULL, finished_at = NULL
     WHERE merchant_id = {merchant}`,
  ],
  [
    'a key of another merchant',
    names.keys,
    `UPDATE payments.idempotency_keys SET merchant_id = {otherMerchant}, key = key || '-a' WHERE merchant_id = {merchant}`,
  ],
  [
    'a key that is missing for one of two merchants',
    names.keys,
    'DELETE FROM payments.idempotency_keys WHERE merchant_id = {merchant}',
  ],
  [
    'a stored response that differs from the received one',
    names.keys,
    `UPDATE payments.idempotency_keys SET response = '{}' WHERE merchant_id = {merchant}`,
  ],
  ['a change without an outbox entry', names.events, 'DELETE FROM payments.outbox WHERE id = {authorized}'],
  [
    'an event that is missing in its outbox entry',
    names.events,
    'UPDATE payments.outbox SET additional_events = NULL WHERE id = {authorized}',
  ],
  [
    'an event that is twice in its outbox entry',
    names.events,
    'UPDATE payments.outbox SET additional_events = additional_events || additional_events WHERE id = {authorized}',
  ],
  [
    'an event in two outbox entries',
    names.events,
    `UPDATE payments.outbox SET additional_events = (SELECT additional_events FROM payments.outbox WHERE id = {authorized}) WHERE id = {refunded}`,
  ],
  [
    'an event with another amount in the outbox',
    names.events,
    `UPDATE payments.outbox SET additional_events = jsonb_set(additional_events, '{0, amount_minor}', '1') WHERE id = {authorized}`,
  ],
  [
    'an event that is missing in the timeline',
    names.events,
    'DELETE FROM payments.payment_events WHERE id = {captured}',
  ],
  ['an undelivered event', names.events, 'UPDATE payments.outbox SET delivered_at = NULL WHERE id = {refunded}'],
  [
    'undelivered events of one entry',
    names.events,
    'UPDATE payments.outbox SET delivered_at = NULL WHERE id = {authorized}',
  ],
  ['an unconsumed event', names.events, 'DELETE FROM payments.event_receipts WHERE event_id = {refunded}'],
  [
    'an event that was counted twice',
    names.totals,
    'UPDATE payments.daily_totals SET captured_minor = captured_minor * 2 WHERE merchant_id = {merchant}',
  ],
  ['missing totals', names.totals, 'DELETE FROM payments.daily_totals WHERE merchant_id = {merchant}'],
  [
    'a status that differs from the response',
    names.lastResponse,
    `UPDATE payments.payments SET status = 'captured' WHERE id = {payment}`,
  ],
])('finds %s in the database', async (_what, rule, sql) => {
  const known = places();
  await withoutTriggers(sql.replaceAll(/\{(\w+)\}/g, (_match, place: string) => `'${known[place] ?? ''}'`));
  expect((await findings()).map((finding) => finding.rule)).toContain(rule);
});

test.each<[what: string, lines: () => JournalLine[], rule?: string]>([
  ['a payment that was authorized twice', () => [...journal, line(0, { reference: 'again' })]],
  ['a refund that was executed twice', () => [...journal, line(1, { reference: 'again' })]],
  ['an operation without a request', () => [...journal, line(1, { reference: 'more', amountMinor: 7 })]],
  ['an authorization without a payment', () => [...journal, line(0, { reference: 'else', paymentToken: 'tok_else' })]],
  ['a reference with two different requests', () => [...journal, line(0, { kind: 'conflict' })]],
  ['a missing operation', () => journal.filter((each) => each !== first.journal[1])],
  ['an operation with another amount', () => [line(0, { amountMinor: 999 }), ...journal.slice(1)], names.stored],
])("finds %s in the acquirer's journal", async (_what, lines, rule = names.charged) => {
  journal = lines();
  expect((await findings()).map((finding) => finding.rule)).toContain(rule);
});

test.each<[what: string, change: (receipts: Receipt[]) => Receipt[]]>([
  ['a webhook that was lost', ([, ...others]) => others],
  ['webhooks of a payment out of order', ([one, other, ...others]) => [other, one, ...others].filter((each) => !!each)],
  ['a webhook without an event', ([one, ...others]) => [...others, { ...one, eventId: 'unknown' } as Receipt]],
  ['a wrong signature', ([one, ...others]) => [{ ...one, isSigned: false } as Receipt, ...others]],
  ['a wrong amount', ([one, ...others]) => [{ ...one, amountMinor: 1 } as Receipt, ...others]],
  [
    "a webhook at another merchant's endpoint",
    ([one, ...others]) => [{ ...one, merchantId: second.merchantId } as Receipt, ...others],
  ],
])("finds %s in the receiver's journal", async (_what, change) => {
  receipts = change(receipts);
  expect((await findings()).map(({ rule }) => rule)).toContain(names.webhooks);
});

test('accepts a webhook that arrives twice', async () => {
  receipts = receipts.flatMap((receipt) => [receipt, receipt]);
  expect(await findings()).toEqual([]);
});

test.each<[what: string, rule: string, changes: () => Partial<Intention>]>([
  [
    'an amount that is not stored',
    names.lastResponse,
    () => ({ responses: changedResponse({ refundedAmountMinor: 301 }) }),
  ],
  [
    'two responses for one key',
    names.same,
    () => ({ responses: [...changedResponse({}), ...changedResponse({ status: 'refunded' })] }),
  ],
  ['an unexpected response', names.unexpected, () => ({ unexpected: ['500 {}'] })],
  ['a missing response', names.silence, () => ({ state: 'open', responses: [] })],
])('finds %s in the responses', async (_what, rule, changes) => {
  intentions = intentions.map((each) => (each === first.intentions[1] ? { ...each, ...changes() } : each));
  expect((await findings()).map((finding) => finding.rule)).toContain(rule);
});

test('finds an accepted payment that was lost before a retry', async () => {
  const [create] = first.intentions;
  if (!create) throw new Error('The case has no intention.');
  intentions = [{ ...create, state: 'abandoned', responses: [], accepted: 1 }, ...second.intentions];
  journal = second.journal;
  await withoutTriggers(`DELETE FROM payments.payments WHERE id = '${first.paymentId}'`);
  expect((await findings()).filter(({ rule }) => rule === names.there)).toMatchObject([
    { text: 'was accepted and is lost' },
  ]);
});

test('the checker imports no code of the platform', () => {
  const folder = new URL('.', import.meta.url);
  const judges = readdirSync(folder).filter((file) => !file.endsWith('.test.ts'));
  expect(judges.length).toBeGreaterThan(4);
  for (const file of judges) expect(readFileSync(new URL(file, folder), 'utf8'), file).not.toMatch(/from '.*\/src\//);
});
