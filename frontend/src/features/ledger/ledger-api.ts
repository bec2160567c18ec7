import type { BalanceView, DailyTotalView, LedgerEntryView, Page } from '@payment-platform/app/contract';
import { useQuery } from '@tanstack/react-query';
import { usePlatform } from '../../lib/platform-context.ts';

export function useBalances() {
  const { api } = usePlatform();
  return useQuery({
    queryKey: ['ledger', 'balances'],
    queryFn: () => api.get<{ items: BalanceView[] }>('/ledger/balances'),
  });
}

/** The totals of the last days. */
export function useDailyTotals() {
  const { api } = usePlatform();
  return useQuery({
    queryKey: ['ledger', 'daily'],
    queryFn: () => api.get<{ items: DailyTotalView[] }>('/summary/daily'),
  });
}

/** A page of ledger entries, newest first. */
export function useEntries(cursor: string | null) {
  const { api } = usePlatform();
  const query = new URLSearchParams({ limit: '20', ...(cursor !== null && { cursor }) });
  return useQuery({
    queryKey: ['ledger', 'entries', cursor],
    queryFn: () => api.get<Page<LedgerEntryView>>(`/ledger/entries?${query}`),
  });
}
