import creditCardType from 'credit-card-type';
import fc from 'fast-check';
import { composeIBAN } from 'ibantools';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdsCardNumber } from '../../src/http/card-numbers.ts';
import { newPayment, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

/** The Luhn check digit, computed from the left to be independent of the code. */
function checkDigit(payload: readonly number[]): number {
  const sum = payload.reduce((total, digit, index) => {
    const doubled = (payload.length - index) % 2 === 1 ? digit * 2 : digit;
    return total + Math.floor(doubled / 10) + (doubled % 10);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

const digitsOf = (length: number) => fc.array(fc.nat({ max: 9 }), { minLength: length, maxLength: length });
const validWith = (prefix: string, length: number) =>
  digitsOf(length - prefix.length - 1).map((rest) => {
    const payload = [...Array.from(prefix, Number), ...rest];
    return [...payload, checkDigit(payload)].join('');
  });

/** A prefix of each issuer, its number length and its printed groups. */
const issuers = [
  ['4', 16, [4, 4, 4, 4]],
  ['51', 16, [4, 4, 4, 4]],
  ['2223', 16, [4, 4, 4, 4]],
  ['34', 15, [4, 6, 5]],
  ['37', 15, [4, 6, 5]],
  ['36', 14, [4, 6, 4]],
  ['6011', 16, [4, 4, 4, 4]],
  ['3530', 16, [4, 4, 4, 4]],
  ['6205', 19, [4, 4, 4, 7]],
  ['6759', 16, [4, 4, 4, 4]],
  ['2200', 16, [4, 4, 4, 4]],
  ['9792', 16, [4, 4, 4, 4]],
] as const satisfies [string, number, number[]][];

const groupsOf = (number: string, sizes: readonly number[]) => {
  let taken = 0;
  return sizes.map((size) => number.slice(taken, (taken += size)));
};

/** The number in common notations and surrounding text. */
const written = fc.constantFrom(...issuers).chain(([prefix, length, printed]) =>
  fc
    .record({
      number: validWith(prefix, length),
      sizes: fc.constantFrom([length], printed, [4, 4, 4, length - 12], Array<number>(length).fill(1)),
      separator: fc.constantFrom(' ', '-', ' - ', '\u00a0', '–'),
      before: fc.constantFrom('', 'Card ', 'VISA', 'cafe', 'pay_', 'order 12 ', '2026-', '(', 'No.', 'ä', 'x'),
      after: fc.constantFrom('', '.', ' 12/27', ' 12-27 123', ' - 99', 'x', ', thank you', '=27121010'),
    })
    .map(({ number, sizes, separator, before, after }) => ({
      number,
      text: before + groupsOf(number, sizes).join(separator) + after,
    })),
);

const refund = `/payments/${randomUUID()}/refunds`;
/** Every part of a request that can contain a card number. */
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

describe('a card number is rejected, and neither logged nor returned, in', () => {
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

describe('a card number is also rejected', () => {
  test('as a number', async () => {
    const response = await platform.post('/payments', { ...newPayment, amountMinor: 4111111111111111 });
    const { errors } = expectProblem(response, 422, 'card-number-refused');
    expect(errors).toEqual([{ pointer: '/amountMinor', detail: 'contains a card number' }]);
  });

  test('as an Idempotency-Key, and never accepted as a correlation id', async () => {
    const headers = { 'idempotency-key': '4111-1111-1111-1111', 'x-correlation-id': '4111111111111111' };
    const response = await platform.post('/payments', newPayment, headers);
    const { errors, correlationId } = expectProblem(response, 422, 'card-number-refused');
    expect(errors).toMatchObject([{ pointer: '/headers/idempotency-key' }]);
    expect(correlationId).toMatch(/^[0-9a-f]{8}-/);
  });

  test.each([
    [
      'a malformed body',
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
  ])('or at least neither logged nor returned: %s', async (_what, send) => {
    const response = await send();
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.body).not.toContain('4111111111111111');
    expect(platform.log.join('\n')).not.toContain('4111111111111111');
  });
});

/** Published test numbers of issuers and acquirers. */
const testNumbers = {
  visa: ['4111111111111111', '4242424242424242', '4012888888881881'],
  mastercard: ['5555555555554444', '5105105105105100', '2223003122003222'],
  'american-express': ['378282246310005', '371449635398431'],
  'diners-club': ['30569309025904', '38520000023237', '36227206271667'],
  discover: ['6011111111111117', '6011000990139424'],
  jcb: ['3530111333300000', '3566002020360505'],
  unionpay: ['6200000000000005', '6205500000000000004'],
  maestro: ['6759649826438453', '6799990100000000019'],
  mir: ['2200000000000004'],
  elo: ['6362970000457013'],
  hipercard: ['6062826786276634'],
  verve: ['5060990580000217499'],
};

const size = 5000;
const shareOf = (texts: readonly string[]) => texts.filter((text) => holdsCardNumber(text)).length / texts.length;
const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

test.each(Object.entries(testNumbers))('detects every test number of %s in every notation', (_brand, numbers) => {
  const texts = numbers.flatMap((number) => {
    const printed = creditCardType(number)[0]?.gaps ?? [];
    const grouped = (separator: string) =>
      Array.from(number, (digit, index) => (printed.includes(index) ? separator : '') + digit).join('');
    const fours = number.replace(/([0-9]{4})(?=[0-9])/g, '$1 ');
    return [number, grouped(' '), grouped('-'), fours, `Please charge ${grouped(' ')} 12/27, thanks.`, `n=${number};`];
  });
  console.log(`Detected, of ${texts.length} texts: ${percent(shareOf(texts))}`);
  expect(texts.filter((text) => !holdsCardNumber(text))).toEqual([]);
});

describe(`fewer than 0.2 % of ${size} are taken for card numbers:`, () => {
  const random = fc.nat({ max: 9 });
  const digits = (count: number) => fc.array(random, { minLength: count, maxLength: count }).map((all) => all.join(''));
  const since2020 = fc.integer({ min: 1_577_836_800_000, max: 1_900_000_000_000 });
  const joined = (...parts: fc.Arbitrary<string | number>[]) => fc.tuple(...parts).map((all) => all.join(''));
  const dash = fc.constant('-');
  const inFours = (text: string) => text.replace(/(.{4})(?=.)/g, '$1 ');
  const iban = (country: string, account: fc.Arbitrary<string>) =>
    account.map((bban) => composeIBAN({ countryCode: country, bban }) ?? '');

  test.each<[string, fc.Arbitrary<string>]>([
    ['times in microseconds', joined(since2020, digits(3))],
    ['seeds with a time in milliseconds', joined(fc.constant('seed-'), fc.nat({ max: 999 }), dash, since2020)],
    ['order numbers of a marketplace', joined(digits(3), dash, digits(7), dash, digits(7))],
    [
      'invoice numbers with a date',
      fc
        .tuple(fc.date({ min: new Date('2015-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }), digits(6))
        .map(([date, number]) => `${date.toISOString().slice(0, 10)}-${number}`),
    ],
    [
      'Swiss QR references in groups',
      joined(digits(2), ...Array.from({ length: 5 }, () => digits(5).map((group) => ` ${group}`))),
    ],
    ['German IBANs in groups', iban('DE', digits(18)).map(inFours)],
    [
      'British IBANs in groups',
      iban(
        'GB',
        digits(14).map((number) => `NWBK${number}`),
      ).map(inFours),
    ],
    ['German IBANs', iban('DE', digits(18))],
  ])('%s', (form, texts) => {
    const share = shareOf(fc.sample(texts, { numRuns: size, seed: 1 }));
    console.log(`Taken for card numbers, of ${size} ${form}: ${percent(share)}`);
    expect(share).toBeLessThan(0.002);
  });

  test('accepts an idempotency key that is a timestamp in microseconds', async () => {
    for (const key of ['1732600000000000', 'seed-55-1732600000000']) {
      const response = await platform.post('/payments', newPayment, { 'idempotency-key': key });
      expect(response.statusCode).toBe(201);
    }
  });
});

describe('nothing else is detected as a card number:', () => {
  test('not 13 to 19 digits that fail the Luhn check', async () => {
    const almost = fc
      .tuple(fc.constantFrom(...issuers), fc.integer({ min: 1, max: 9 }))
      .chain(([[prefix, length], off]) =>
        validWith(prefix, length).map((number) => number.slice(0, -1) + String((Number(number.at(-1)) + off) % 10)),
      );
    await fc.assert(
      fc.asyncProperty(almost, async (number) => {
        const payment = await platform.pay({ reference: number, description: `Invoice ${number}.` });
        expect(payment.reference).toBe(number);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['411111111117', '4111 1111 1117 0', '41111111111111111115', '2026-11-21', '+34 600 000 000'])(
    'not %s, with too few, too many or invalid digits',
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
