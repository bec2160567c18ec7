import { type SubmitEvent, useState } from 'react';
import { useSearchParams } from 'react-router';
import { Field } from '../../components/field.tsx';
import { statusLabels } from '../../components/status-badge.tsx';
import { textOf } from '../../lib/form-text.ts';
import { currencies, parseAmount, toEntry } from '../../lib/money.ts';
import { CurrencySelect } from './currency-select.tsx';

const names = ['q', 'status', 'currency', 'reference', 'declineCode', 'from', 'to'] as const;
const amounts = ['amountFrom', 'amountTo'] as const;

/** On a narrow screen the filters are folded, so that the list begins on the first screen. */
const isWide = () => window.matchMedia('(min-width: 40rem)').matches;

/** The filter form. The filters are in the URL, so that a filtered list can be shared. */
export function PaymentFilters() {
  const [search, setSearch] = useSearchParams();
  const [amountError, setAmountError] = useState<string>();
  const apply = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      const entered = [...names.map((name) => [name, textOf(form, name)] as const), ...amountsOf(form)];
      setAmountError(undefined);
      setSearch(entered.filter(([, value]) => value !== '').map(([name, value]): [string, string] => [name, value]));
    } catch (error) {
      setAmountError((error as RangeError).message);
    }
  };
  const value = (name: (typeof names)[number]) => ({ name, defaultValue: search.get(name) ?? '' });
  const amount = (name: (typeof amounts)[number]) => ({
    name,
    defaultValue: decimalOf(search.get(name), search.get('currency')),
    inputMode: 'decimal' as const,
  });
  return (
    <details className="panel filters-frame" open={isWide() || search.size > 0}>
      <summary>Filters</summary>
      <form onSubmit={apply} className="filters" aria-label="Filters" key={search.toString()}>
        <Field label="Status">
          {(control) => (
            <select {...control} {...value('status')}>
              <option value="">All</option>
              {Object.entries(statusLabels).map(([status, label]) => (
                <option key={status} value={status}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Currency">
          {(control) => <CurrencySelect {...control} initial={search.get('currency') ?? ''} />}
        </Field>
        <Field label="Reference">{(control) => <input {...control} {...value('reference')} maxLength={64} />}</Field>
        <Field label="Decline code">
          {(control) => <input {...control} {...value('declineCode')} maxLength={64} />}
        </Field>
        <Field label="Amount from" error={amountError}>
          {(control) => <input {...control} {...amount('amountFrom')} autoComplete="off" />}
        </Field>
        <Field label="Amount to">
          {(control) => <input {...control} {...amount('amountTo')} autoComplete="off" />}
        </Field>
        <Field label="From">{(control) => <input {...control} {...value('from')} type="date" />}</Field>
        <Field label="To">{(control) => <input {...control} {...value('to')} type="date" />}</Field>
        <input {...value('q')} type="hidden" />
        <div className="actions">
          <button type="submit">Apply</button>
          <button
            type="button"
            className="quiet"
            onClick={() => {
              setSearch([]);
            }}
          >
            Clear
          </button>
        </div>
      </form>
    </details>
  );
}

/**
 * The range of amounts in minor units.
 *
 * @throws RangeError with a message for the user
 */
function amountsOf(form: FormData): readonly (readonly [name: string, value: string])[] {
  const currency = textOf(form, 'currency');
  return amounts.map((name) => {
    const text = textOf(form, name);
    if (text === '') return [name, ''];
    if (currency === '') throw new RangeError('Choose the currency of the amount.');
    return [name, String(parseAmount(text, currency))];
  });
}

/** Minor units in a URL as a decimal; empty without a currency. */
function decimalOf(minor: string | null, currency: string | null): string {
  if (minor === null || !/^\d{1,12}$/.test(minor) || !currencies.includes(currency ?? '')) return '';
  return toEntry(Number(minor), currency ?? '');
}
