import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPayment, startPlatform, type TestPlatform } from './support/platform.ts';
import { expectProblem } from './support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

/** The digit that makes a number valid, reckoned from the left, so that a mistake in the code's own way shows. */
function checkDigit(payload: readonly number[]): number {
  const sum = payload.reduce((total, digit, index) => {
    const doubled = (payload.length - index) % 2 === 1 ? digit * 2 : digit;
    return total + Math.floor(doubled / 10) + (doubled % 10);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

const payload = fc.array(fc.nat({ max: 9 }), { minLength: 12, maxLength: 18 });
const cardNumber = payload.map((digits) => [...digits, checkDigit(digits)].join(''));
const almostCardNumber = fc
  .tuple(payload, fc.integer({ min: 1, max: 9 }))
  .map(([digits, off]) => [...digits, (checkDigit(digits) + off) % 10].join(''));

/** The number as people write it, and the text that they write around it. */
const written = fc
  .record({
    number: cardNumber,
    separators: fc.array(fc.constantFrom('', '', '', ' ', '-', ' - ', '\u00a0', '–'), { minLength: 18, maxLength: 18 }),
    before: fc.constantFrom('', 'Card ', 'VISA', 'cafe', 'pay_', 'order 12 ', '2026-', '(', 'No.', 'ä', 'x'),
    after: fc.constantFrom('', '.', ' 12/27', ' 12-27 123', ' - 99', 'x', ', thank you', '=27121010'),
  })
  .map(({ number, separators, before, after }) => {
    const spelled = Array.from(number, (digit, index) => `${digit}${separators[index] ?? ''}`);
    return { number, text: before + spelled.join('').replace(/[^0-9]+$/, '') + after };
  });

const refund = `/payments/${randomUUID()}/refunds`;
/** Every place of a request in which somebody could hide one. */
const places: Record<string, (text: string, number: string) => ReturnType<TestPlatform['send']>> = {
  reference: (text) => platform.post('/payments', { ...newPayment, reference: text }),
  description: (text) => platform.post('/payments', { ...newPayment, description: text }),
  paymentToken: (text) => platform.post('/payments', { ...newPayment, paymentToken: `tok_${text}` }),
  currency: (text) => platform.post('/payments', { ...newPayment, currency: text }),
  'the reason of a refund': (text) => platform.post(refund, { reason: text }),
  'an unknown field': (text) => platform.post('/payments', { ...newPayment, card: { numbers: [text] } }),
  'the name of a field': (text) => platform.post('/payments', { ...newPayment, [text]: 1 }),
  'an API key': (text) => platform.post('/session', { apiKey: text }),
  'the query': (text) => platform.get(`/payments?reference=${encodeURIComponent(text)}`),
  'the address': (_text, number) => platform.get(`/payments/${number}`),
};

describe('a card number is refused, and neither logged nor sent back, in', () => {
  test.each(Object.keys(places))('%s', async (place) => {
    await fc.assert(
      fc.asyncProperty(written, async ({ number, text }) => {
        const logged = platform.log.length;
        const response = await places[place]?.(text, number);
        if (!response) throw new Error(`Nothing is known of ${place}.`);
        expectProblem(response, 422, 'card-number-refused');
        const traces = `${response.body}\n${platform.log.slice(logged).join('\n')}`;
        expect(traces).toContain('card-number-refused');
        expect(platform.log.length).toBeGreaterThan(logged);
        expect(traces.replace(/[^0-9a-z]/g, '')).not.toContain(number);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a card number is refused, too,', () => {
  test('as a number', async () => {
    const response = await platform.post('/payments', { ...newPayment, amountMinor: 4111111111111111 });
    const { errors } = expectProblem(response, 422, 'card-number-refused');
    expect(errors).toEqual([{ pointer: '/amountMinor', detail: 'holds what looks like a card number' }]);
  });

  test('as an Idempotency-Key, and is never taken as a correlation id', async () => {
    const headers = { 'idempotency-key': '4111-1111-1111-1111', 'x-correlation-id': '4111111111111111' };
    const response = await platform.post('/payments', newPayment, headers);
    const { errors, correlationId } = expectProblem(response, 422, 'card-number-refused');
    expect(errors).toMatchObject([{ pointer: '/headers/idempotency-key' }]);
    expect(correlationId).toMatch(/^[0-9a-f]{8}-/);
  });

  test.each([
    [
      'a body that is malformed',
      () =>
        platform.send({
          method: 'POST',
          url: '/api/v1/payments',
          payload: '{"a": 4111111111111111',
          headers: { 'content-type': 'application/json' },
        }),
    ],
    [
      'a body of another type',
      () =>
        platform.send({
          method: 'POST',
          url: '/api/v1/payments',
          payload: '4111111111111111',
          headers: { 'content-type': 'text/plain' },
        }),
    ],
    ['an address that does not exist', () => platform.get('/cards/4111111111111111?cvc=4111111111111111')],
    ['an address that is malformed', () => platform.get('/4111111111111111/%zz')],
  ])('or at least neither logged nor sent back: %s', async (_what, send) => {
    const response = await send();
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.body).not.toContain('4111111111111111');
    expect(platform.log.join('\n')).not.toContain('4111111111111111');
  });
});

describe('nothing else is taken for a card number:', () => {
  test('not 13 to 19 digits that fail the check', async () => {
    await fc.assert(
      fc.asyncProperty(almostCardNumber, async (number) => {
        const payment = await platform.pay({ reference: number, description: `Invoice ${number}.` });
        expect(payment.reference).toBe(number);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['411111111117', '4111 1111 1117 0', '41111111111111111115', '2026-11-21', '+34 600 000 000'])(
    'not %s, whose digits are too few, too many or not valid',
    async (reference) => {
      expect((await platform.pay({ reference })).reference).toBe(reference);
    },
  );

  test('not a UUID or a digest, alone or in a text', async () => {
    const hexadecimal = fc.array(
      fc.nat({ max: 15 }).map((digit) => digit.toString(16)),
      { minLength: 40, maxLength: 64 },
    );
    const identifier = fc.oneof(
      fc.uuid(),
      hexadecimal.map((digits) => digits.join('')),
    );
    await fc.assert(
      fc.asyncProperty(identifier, fc.constantFrom('', 'capture-', 'order '), async (id, before) => {
        const payment = await platform.pay({ description: before + id });
        expect(payment.status).toBe('authorized');
      }),
      { numRuns: 100, examples: [['00000000-0000-0000-0000-000000000000', 'capture-']] },
    );
  });
});
