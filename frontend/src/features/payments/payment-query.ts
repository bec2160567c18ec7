import type { operations, Payment } from '@payment-platform/app/api-types';
import { startOfDay, startOfNextDay } from '../../lib/dates.ts';
import { readSearch } from './payment-search.ts';

/** The query of the API's list of payments. */
export type PaymentListQuery = NonNullable<operations['listPayments']['parameters']['query']>;

/** The filters of the list besides the period, by their names in the URL of the page and in the API. */
const names = ['status', 'currency', 'reference', 'amountFrom', 'amountTo', 'declineCode'] as const;

/** Returns the filters in the URL of the page besides the period. What is searched for replaces what is filtered by. */
function filtersOf(search: URLSearchParams): PaymentListQuery {
  const searched = readSearch(search.get('q') ?? '');
  const filters = names.flatMap((name) => {
    const value = search.get(name);
    return value ? [[name, value]] : [];
  });
  return {
    // The API refuses a status that it does not know.
    ...(Object.fromEntries(filters) as { readonly status?: Payment['status'] }),
    ...('filter' in searched && searched.filter),
  };
}

/** Returns the query of the API for the filters in the URL of the page. */
export function paymentListQuery(search: URLSearchParams): PaymentListQuery {
  const [from, to, cursor] = ['from', 'to', 'cursor'].map((name) => search.get(name));
  return {
    limit: '20',
    ...filtersOf(search),
    ...(from && { createdFrom: startOfDay(from) }),
    ...(to && { createdTo: startOfNextDay(to) }),
    ...(cursor && { cursor }),
  };
}

/** Returns the same filters for the API's report, as they are written in a URL. */
export function paymentReportFilters(search: URLSearchParams): Readonly<Record<string, string>> {
  const { metadata = {}, ...filters } = filtersOf(search);
  const pairs = Object.entries(metadata).map(([name, value]) => [`metadata[${name}]`, value]);
  return { ...filters, ...(Object.fromEntries(pairs) as Record<string, string>) };
}
