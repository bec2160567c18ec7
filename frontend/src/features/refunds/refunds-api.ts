import { useQuery } from '@tanstack/react-query';
import { dataOf } from '../../lib/api-client.ts';
import { startOfDay, startOfNextDay } from '../../lib/dates.ts';
import { usePlatform } from '../../lib/platform-context.ts';

/** A page of refunds, newest first, for the filters in the URL of the page. */
export function useRefunds(search: URLSearchParams) {
  const { api } = usePlatform();
  const [from, to, cursor] = ['from', 'to', 'cursor'].map((name) => search.get(name));
  const query = {
    limit: '20',
    ...(from && { createdFrom: startOfDay(from) }),
    ...(to && { createdTo: startOfNextDay(to) }),
    ...(cursor && { cursor }),
  };
  return useQuery({
    queryKey: ['payments', 'refunds', query],
    queryFn: () => dataOf(api.GET('/refunds', { params: { query } })),
  });
}
