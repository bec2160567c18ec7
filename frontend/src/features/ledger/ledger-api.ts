import { useQuery } from '@tanstack/react-query';
import { dataOf } from '../../lib/api-client.ts';
import { usePlatform } from '../../lib/platform-context.ts';

export function useBalances() {
  const { api } = usePlatform();
  return useQuery({ queryKey: ['ledger', 'balances'], queryFn: () => dataOf(api.GET('/ledger/balances')) });
}

/** The totals of the last days. */
export function useDailyTotals() {
  const { api } = usePlatform();
  return useQuery({ queryKey: ['ledger', 'daily'], queryFn: () => dataOf(api.GET('/summary/daily')) });
}

/** A page of ledger entries, newest first. */
export function useEntries(cursor: string | null) {
  const { api } = usePlatform();
  const query = { limit: '20', ...(cursor !== null && { cursor }) };
  return useQuery({
    queryKey: ['ledger', 'entries', cursor],
    queryFn: () => dataOf(api.GET('/ledger/entries', { params: { query } })),
  });
}
