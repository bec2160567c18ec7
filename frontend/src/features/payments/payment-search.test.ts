import { expect, test } from 'vitest';
import { readSearch } from './payment-search.ts';

const id = '0198b1c0-0000-7000-8000-00000000000a';

test.each([
  ['an id', ` ${id.toUpperCase()} `, { paymentId: id }],
  ['a token', 'tok_approve', { filter: { paymentToken: 'tok_approve' } }],
  ['a PaymentMethod of Stripe', 'pm_1Abc', { filter: { paymentToken: 'pm_1Abc' } }],
  ['metadata', 'order: 12:34 ', { filter: { metadata: { order: '12:34' } } }],
  ['an amount after its currency', 'eur 12.50', { filter: { currency: 'EUR', amountFrom: '1250', amountTo: '1250' } }],
  ['an amount before its currency', '900JPY', { filter: { currency: 'JPY', amountFrom: '900', amountTo: '900' } }],
  ['nothing', '  ', { filter: {} }],
])('finds by %s', (_what, text, expected) => {
  expect(readSearch(text)).toEqual(expected);
});

test.each(['order-1', '1234', '12.50', 'XYZ 12', 'JPY 1.5', 'tok_', '1order:2', 'a b: c'])(
  'takes %s for a reference',
  (text) => {
    expect(readSearch(text)).toEqual({ filter: { reference: text } });
  },
);
