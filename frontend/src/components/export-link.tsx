import { startOfDay, startOfNextDay } from '../lib/dates.ts';
import { today } from '../lib/periods.ts';
import { usePlatform } from '../lib/platform-context.ts';
import { Icon } from './icon.tsx';
import { useToast } from './toasts.tsx';

export interface ExportLinkProps {
  readonly report: 'payments' | 'refunds' | 'ledger-entries';
  /** The filters in the URL of the page. */
  readonly search: URLSearchParams;
  /** The filters of the report besides the period. */
  readonly filters?: Readonly<Record<string, string>>;
}

/** Before the first payment of anyone. */
const always = '2000-01-01';

/** A link that downloads what is filtered as CSV. Without a period, it is everything until today. */
export function ExportLink({ report, search, filters = {} }: ExportLinkProps) {
  const { api } = usePlatform();
  const showToast = useToast();
  const query = new URLSearchParams({
    from: startOfDay(search.get('from') ?? always),
    to: startOfNextDay(search.get('to') ?? today()),
    ...filters,
  });
  return (
    <a
      className="button quiet"
      href={api.urlOf(`/reports/${report}.csv?${query}`)}
      download
      onClick={() => {
        showToast({ text: 'The browser downloads the export.' });
      }}
    >
      <Icon name="download" /> Export
    </a>
  );
}
