import type { Balance, DailyTotal } from '@payment-platform/app/api-types';
import { useSearchParams } from 'react-router';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { accountLabels, EntriesTable } from '../../components/entries-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
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

/** One line of the statement of balances: an account, or the difference of all accounts of a currency. */
interface BalanceLine {
  readonly name: string;
  readonly currency: string;
  readonly amountMinor: number;
}

const balanceColumns: readonly Column<BalanceLine>[] = [
  { title: 'Account', cell: ({ name }) => name },
  { title: 'Currency', cell: ({ currency }) => currency },
  { title: 'Balance', isNumber: true, cell: ({ amountMinor, currency }) => formatMoney(amountMinor, currency) },
];

/** What the merchant owns has a debit balance, what it is owed a credit balance. Both are shown as positive amounts. */
const creditAccounts: readonly Balance['account'][] = ['merchant_payable'];

function linesOf(balances: readonly Balance[]): BalanceLine[] {
  return [...new Set(balances.map(({ currency }) => currency))].flatMap((currency) => {
    const accounts = balances.filter((balance) => balance.currency === currency);
    const difference = accounts.reduce((sum, { balanceMinor }) => sum + balanceMinor, 0);
    return [
      ...accounts.map(({ account, balanceMinor }) => ({
        name: accountLabels[account],
        currency,
        amountMinor: creditAccounts.includes(account) ? -balanceMinor || 0 : balanceMinor,
      })),
      { name: 'Difference', currency, amountMinor: difference },
    ];
  });
}

/** The balances of the accounts of each currency with their difference, which is zero unless the ledger is inconsistent. */
function BalanceTable({ balances }: { readonly balances: readonly Balance[] }) {
  if (balances.length === 0)
    return <EmptyState title="No ledger entries yet.">Captures and refunds create them.</EmptyState>;
  return (
    <DataTable
      label="Balances"
      columns={balanceColumns}
      rows={linesOf(balances)}
      keyOf={({ name, currency }) => `${currency} ${name}`}
    />
  );
}

const dayColumns: readonly Column<DailyTotal>[] = [
  { title: 'Day (UTC)', cell: ({ day }) => day },
  { title: 'Approved', isNumber: true, cell: ({ approvedCount }) => approvedCount },
  { title: 'Declined', isNumber: true, cell: ({ declinedCount }) => declinedCount },
  { title: 'Captured', isNumber: true, cell: ({ capturedMinor, currency }) => formatMoney(capturedMinor, currency) },
  { title: 'Refunded', isNumber: true, cell: ({ refundedMinor, currency }) => formatMoney(refundedMinor, currency) },
];

function DayTable({ days }: { readonly days: readonly DailyTotal[] }) {
  if (days.length === 0) return <p>No payments yet.</p>;
  return (
    <DataTable label="By day" columns={dayColumns} rows={days} keyOf={({ day, currency }) => `${day} ${currency}`} />
  );
}
