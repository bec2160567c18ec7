import type { BalanceView, DailyTotalView } from '@payment-platform/app/contract';
import { useSearchParams } from 'react-router';
import { DataTable } from '../../components/data-table.tsx';
import { accountLabels, EntriesTable } from '../../components/entries-table.tsx';
import { Loading } from '../../components/loading.tsx';
import { NextPageLink } from '../../components/next-page-link.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { formatMoney } from '../../lib/money.ts';
import { useBalances, useDailyTotals, useEntries } from './ledger-api.ts';

export function BalancesPage() {
  const [search] = useSearchParams();
  const balances = useBalances();
  const days = useDailyTotals();
  const entries = useEntries(search.get('cursor'));
  return (
    <>
      <PageHeading title="Balances" />
      <ProblemAlert error={balances.error ?? days.error ?? entries.error} />
      {balances.isPending && <Loading what="the balances" />}
      {balances.data && <BalanceTable balances={balances.data.items} />}
      <section>
        <h2>By day</h2>
        {days.data && <DayTable days={days.data.items} />}
      </section>
      <section>
        <h2>Ledger entries</h2>
        {entries.data && <EntriesTable entries={entries.data.items} label="Ledger entries" />}
        {entries.data && <NextPageLink cursor={entries.data.nextCursor} />}
      </section>
    </>
  );
}

const balanceColumns = [{ title: 'Account' }, { title: 'Currency' }, { title: 'Debits less credits', isNumber: true }];
const dayColumns = [
  { title: 'Day (UTC)' },
  ...['Approved', 'Declined', 'Captured', 'Refunded'].map((title) => ({ title, isNumber: true })),
];

/** The balances of the accounts per currency with their sum, which is zero unless the ledger is inconsistent. */
function BalanceTable({ balances }: { readonly balances: readonly BalanceView[] }) {
  if (balances.length === 0) return <p role="status">No ledger entries yet.</p>;
  const groups = [...new Set(balances.map(({ currency }) => currency))].map(
    (code) => [code, balances.filter(({ currency }) => currency === code)] as const,
  );
  return (
    <DataTable label="Balances" columns={balanceColumns}>
      {groups.map(([currency, accounts]) => (
        <tbody key={currency}>
          {accounts.map(({ account, balanceMinor }) => (
            <tr key={account}>
              <td>{accountLabels[account]}</td>
              <td>{currency}</td>
              <td className="number">{formatMoney(balanceMinor, currency)}</td>
            </tr>
          ))}
          <tr className="sum">
            <th scope="row">Sum</th>
            <td>{currency}</td>
            <td className="number">
              {formatMoney(
                accounts.reduce((sum, { balanceMinor }) => sum + balanceMinor, 0),
                currency,
              )}
            </td>
          </tr>
        </tbody>
      ))}
    </DataTable>
  );
}

function DayTable({ days }: { readonly days: readonly DailyTotalView[] }) {
  if (days.length === 0) return <p>No payments yet.</p>;
  return (
    <DataTable label="By day" columns={dayColumns}>
      <tbody>
        {days.map(({ day, currency, approvedCount, declinedCount, capturedMinor, refundedMinor }) => (
          <tr key={`${day} ${currency}`}>
            <td>{day}</td>
            <td className="number">{approvedCount}</td>
            <td className="number">{declinedCount}</td>
            <td className="number">{formatMoney(capturedMinor, currency)}</td>
            <td className="number">{formatMoney(refundedMinor, currency)}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
