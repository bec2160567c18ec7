import type { operations, Payment } from '@payment-platform/app/api-types';
import type { SubmitEvent } from 'react';
import { useSearchParams } from 'react-router';
import { Field } from '../../components/field.tsx';
import { statusLabels } from '../../components/status-badge.tsx';
import { startOfDay, startOfNextDay } from '../../lib/dates.ts';
import { textOf } from '../../lib/form-text.ts';
import { CurrencySelect } from './currency-select.tsx';

const names = ['status', 'currency', 'reference', 'from', 'to'] as const;

/** The query of the API's list of payments. */
export type PaymentListQuery = NonNullable<operations['listPayments']['parameters']['query']>;

/** Returns the query of the API for the filters in the URL of the page. */
export function paymentListQuery(search: URLSearchParams): PaymentListQuery {
  const valueOf = (name: string) => search.get(name) || undefined;
  const [from, to] = [valueOf('from'), valueOf('to')];
  const query = {
    limit: '20',
    // The API refuses a status that it does not know.
    status: valueOf('status') as Payment['status'] | undefined,
    currency: valueOf('currency'),
    reference: valueOf('reference'),
    cursor: valueOf('cursor'),
    createdFrom: from && startOfDay(from),
    createdTo: to && startOfNextDay(to),
  };
  return JSON.parse(JSON.stringify(query)) as PaymentListQuery;
}

/** On a narrow screen the filters are folded, so that the list begins on the first screen. */
const isWide = () => window.matchMedia('(min-width: 40rem)').matches;

/** The filter form. The filters are in the URL, so that a filtered list can be shared. */
export function PaymentFilters() {
  const [search, setSearch] = useSearchParams();
  const apply = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setSearch(
      names.flatMap((name) => {
        const value = textOf(form, name);
        return value === '' ? [] : [[name, value] as [string, string]];
      }),
    );
  };
  const value = (name: (typeof names)[number]) => ({ name, defaultValue: search.get(name) ?? '' });
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
        <Field label="From">{(control) => <input {...control} {...value('from')} type="date" />}</Field>
        <Field label="To">{(control) => <input {...control} {...value('to')} type="date" />}</Field>
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
