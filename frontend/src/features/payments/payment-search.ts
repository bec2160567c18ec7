import { currencies, parseAmount } from '../../lib/money.ts';
import type { PaymentListQuery } from './payment-query.ts';

/** What a search text asks for: one payment, or a filter of the list. */
export type PaymentSearch = { readonly paymentId: string } | { readonly filter: PaymentListQuery };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const token = /^(tok|pm)_[A-Za-z0-9_]{1,60}$/;
const pair = /^([A-Za-z][A-Za-z0-9_.-]{0,39}):\s*(.+)$/;
const currencyFirst = /^([A-Za-z]{3})\s*([^A-Za-z\s]+)$/;
const currencyLast = /^([^A-Za-z\s]+)\s*([A-Za-z]{3})$/;

/** Reads a search text: an id, a token, an amount such as `EUR 12.50`, metadata such as `order:1234`, or else a reference. */
export function readSearch(entered: string): PaymentSearch {
  const text = entered.trim();
  if (uuid.test(text)) return { paymentId: text.toLowerCase() };
  if (token.test(text)) return { filter: { paymentToken: text } };
  const [, name, value] = pair.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { filter: { metadata: { [name]: value } } };
  return { filter: amountFilter(text) ?? (text === '' ? {} : { reference: text }) };
}

/** Payments of exactly this amount. */
function amountFilter(text: string): PaymentListQuery | undefined {
  const [, first, amount] = currencyFirst.exec(text) ?? [];
  const [, before, last] = currencyLast.exec(text) ?? [];
  const currency = (first ?? last)?.toUpperCase();
  if (currency === undefined || !currencies.includes(currency)) return undefined;
  try {
    const minor = String(parseAmount(amount ?? before ?? '', currency));
    return { currency, amountFrom: minor, amountTo: minor };
  } catch {
    return undefined;
  }
}
