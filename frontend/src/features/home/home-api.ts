import { useQuery } from '@tanstack/react-query';
import { dataOf } from '../../lib/api-client.ts';
import { usePlatform } from '../../lib/platform-context.ts';
import type { Days } from './figures.ts';

/** The totals of each day and currency. */
export function useTotals({ from, to }: Days) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: ['ledger', 'daily', from, to],
    queryFn: () => dataOf(api.GET('/summary/daily', { params: { query: { from, to } } })),
  });
}

/** The declined payments of a period by currency and reason. */
export function useDeclines({ from, to }: Days) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: ['ledger', 'declines', from, to],
    queryFn: () => dataOf(api.GET('/summary/declines', { params: { query: { from, to } } })),
  });
}

/** The newest hundred webhook endpoints. */
export function useEndpoints() {
  const { api } = usePlatform();
  return useQuery({
    queryKey: ['webhooks', 'endpoints', 'newest'],
    queryFn: () => dataOf(api.GET('/webhook-endpoints', { params: { query: { limit: '100' } } })),
  });
}
