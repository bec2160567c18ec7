import type { Refund } from '@payment-platform/app/api-types';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Loading } from '../../components/loading.tsx';
import { NextPageLink } from '../../components/next-page-link.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { PeriodLinks } from '../../components/period-links.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Time } from '../../components/time.tsx';
import { formatMoney } from '../../lib/money.ts';
import { useRefunds } from './refunds-api.ts';

export function RefundListPage() {
  const [search] = useSearchParams();
  const { data, error } = useRefunds(search);
  return (
    <>
      <PageHeading title="Refunds">
        <ExportLink report="refunds" search={search} />
      </PageHeading>
      <PeriodLinks withAll />
      <ProblemAlert error={error} />
      {!data && !error && <Loading what="refunds" />}
      {data && data.items.length === 0 && <NoRefunds isFiltered={search.size > 0} />}
      {data && data.items.length > 0 && <RefundTable refunds={data.items} />}
      {data && <NextPageLink cursor={data.nextCursor} />}
    </>
  );
}

const columns: readonly Column<Refund>[] = [
  {
    title: 'Amount',
    isNumber: true,
    cell: ({ paymentId, amountMinor, currency }) => (
      <Link to={`/payments/${paymentId}`}>{formatMoney(amountMinor, currency)}</Link>
    ),
  },
  { title: 'Reason', cell: ({ reason }) => reason ?? '–' },
  { title: 'Payment', cell: ({ paymentId }) => <code>{paymentId}</code> },
  { title: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
];

function RefundTable({ refunds }: { readonly refunds: readonly Refund[] }) {
  const navigate = useNavigate();
  return (
    <DataTable
      label="Refunds"
      columns={columns}
      rows={refunds}
      keyOf={({ id }) => id}
      onOpen={({ paymentId }) => void navigate(`/payments/${paymentId}`)}
    />
  );
}

function NoRefunds({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered)
    return (
      <EmptyState title="No refunds in this period.">
        <Link to="/refunds">Show all refunds</Link>
      </EmptyState>
    );
  return (
    <EmptyState title="No refunds yet.">
      <p>
        To return an amount, open a captured payment in <Link to="/payments?status=captured">payments</Link> and refund
        it there.
      </p>
    </EmptyState>
  );
}
