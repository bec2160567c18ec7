import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../support/platform.ts';

/* The check constraints of columns that the API validates too. */

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
  // A copy with the check constraints, but without foreign keys.
  await platform.database.superuser.query(
    `CREATE TABLE public.candidates (LIKE payments.payments INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
     CREATE TABLE public.candidate_postings (LIKE payments.postings INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`,
  );
});
afterAll(() => platform.close());

const store = ({ currency = 'EUR', token = 'tok_approve' }) =>
  platform.database.superuser.query(
    `INSERT INTO public.candidates (id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token)
     VALUES (gen_random_uuid(), gen_random_uuid(), 'processing', 1, 0, 0, $1, $2)`,
    [currency, token],
  );
const storePosting = (currency: string) =>
  platform.database.superuser.query(
    `INSERT INTO public.candidate_postings (id, merchant_id, payment_id, kind, currency)
     VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'capture', $1)`,
    [currency],
  );

describe('a currency', () => {
  test.each(['EUR', 'AAA', 'ZZZ'])('%j is stored', async (currency) => {
    await store({ currency });
    await storePosting(currency);
  });

  test.each(['', 'EU', 'EURO', 'eur', 'E1R', 'EÜR', 'EU ', ' EU', 'EU\n', 'E-R'])(
    '%j is rejected',
    async (currency) => {
      await expect(store({ currency })).rejects.toThrow(/currency_check/);
      await expect(storePosting(currency)).rejects.toThrow(/currency_check/);
    },
  );
});

describe('a payment token', () => {
  test.each(['tok_a', 'tok_A', 'tok__', 'tok_0', 'pm_a', 'pm_1MqLiJLkdIwHu7ix', `tok_${'z9_'.repeat(20)}`])(
    '%j is stored',
    async (token) => {
      await store({ token });
    },
  );

  test.each([
    '',
    'tok_',
    'tok',
    'tokxa',
    'atok_a',
    'TOK_a',
    'pm_',
    'pn_a',
    'tok_a-b',
    'tok_ä',
    'tok_a\n',
    ' tok_a',
    '4111111111111111',
    `tok_${'z'.repeat(61)}`,
  ])('%j is rejected', async (token) => {
    await expect(store({ token })).rejects.toThrow(/payment_token_check/);
  });
});
