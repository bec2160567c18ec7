import type { DeclineCount } from '@payment-platform/app/api-types';
import { Link } from 'react-router';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import type { Days } from './figures.ts';
import { useDeclines } from './home-api.ts';
import { userLocale } from '../../lib/locale.ts';

/** What the API counts declines without a code as. */
const unknown = 'unknown';

const share = new Intl.NumberFormat(userLocale(), { style: 'percent', maximumFractionDigits: 1 });

/** The declined payments of a period in one currency by the acquirer's reason. */
export function Declines({ days, currency }: { readonly days: Days; readonly currency: string }) {
  const { data, error } = useDeclines(days);
  const counts = data?.items.filter((item) => item.currency === currency) ?? [];
  const total = counts.reduce((sum, { declinedCount }) => sum + declinedCount, 0);
  const list = new URLSearchParams({ status: 'declined', currency, ...days });
  const linkTo = (declineCode: string) =>
    `/payments?${list}${declineCode === unknown ? '' : `&${new URLSearchParams({ declineCode })}`}`;
  const columns: readonly Column<DeclineCount>[] = [
    {
      title: 'Reason',
      cell: ({ declineCode }) => <Link to={linkTo(declineCode)}>{reasonOf(declineCode)}</Link>,
    },
    { title: 'Payments', isNumber: true, cell: ({ declinedCount }) => declinedCount },
    { title: 'Share', isNumber: true, cell: ({ declinedCount }) => share.format(declinedCount / total) },
  ];
  return (
    <section>
      <div className="section-heading">
        <h2>Declines by reason</h2>
        {counts.length > 0 && <Link to={`/payments?${list}`}>View declined payments</Link>}
      </div>
      <ProblemAlert error={error} />
      {data && counts.length === 0 && <p>No declined payments in {currency} in this period.</p>}
      {counts.length > 0 && (
        <DataTable
          label="Declines by reason"
          columns={columns}
          rows={counts}
          keyOf={({ declineCode }) => declineCode}
        />
      )}
    </section>
  );
}

/** `insufficient_funds` -> `Insufficient funds`. */
function reasonOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
