import type { Payment } from '@payment-platform/app/api-types';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Loading } from '../../components/loading.tsx';
import { NextPageLink } from '../../components/next-page-link.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { PeriodLinks } from '../../components/period-links.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Time } from '../../components/time.tsx';
import { formatMoney } from '../../lib/money.ts';
import { PaymentFilters } from './payment-filters.tsx';
import { paymentListQuery, paymentReportFilters } from './payment-query.ts';
import { readSearch } from './payment-search.ts';
import { usePayments } from './payments-api.ts';
import { SearchForm } from './search-form.tsx';

export function PaymentListPage() {
  const [search] = useSearchParams();
  const searched = readSearch(search.get('q') ?? '');
  return 'paymentId' in searched ? <Navigate to={`/payments/${searched.paymentId}`} replace /> : <PaymentList />;
}

function PaymentList() {
  const [search] = useSearchParams();
  const { data, error } = usePayments(paymentListQuery(search));
  return (
    <>
      <PageHeading title="Payments">
        <ExportLink report="payments" search={search} filters={paymentReportFilters(search)} />
        <Link to="/payments/new" className="button">
          Take a payment
        </Link>
      </PageHeading>
      <SearchForm />
      <PeriodLinks withAll />
      <PaymentFilters />
      <ProblemAlert error={error} />
      {!data && !error && <Loading what="payments" />}
      {data && data.items.length === 0 && <NoPayments isFiltered={search.size > 0} />}
      {data && data.items.length > 0 && <PaymentTable payments={data.items} />}
      {data && <NextPageLink cursor={data.nextCursor} />}
    </>
  );
}

const columns: readonly Column<Payment>[] = [
  {
    title: 'Amount',
    isNumber: true,
    cell: ({ id, amountMinor, currency }) => <Link to={`/payments/${id}`}>{formatMoney(amountMinor, currency)}</Link>,
  },
  { title: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
  { title: 'Reference', cell: ({ reference }) => reference ?? '–' },
  { title: 'Description', cell: ({ description }) => description },
  { title: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
];

function PaymentTable({ payments }: { readonly payments: readonly Payment[] }) {
  const navigate = useNavigate();
  return (
    <DataTable
      label="Payments"
      columns={columns}
      rows={payments}
      keyOf={({ id }) => id}
      onOpen={({ id }) => void navigate(`/payments/${id}`)}
    />
  );
}

function NoPayments({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered)
    return (
      <EmptyState title="No payments match these filters.">
        <p>
          Change the filters, or <Link to="/payments">show all payments</Link>.
        </p>
      </EmptyState>
    );
  return (
    <EmptyState title="No payments yet.">
      <p>
        <Link to="/payments/new">Take a payment</Link> here, or send one to the API with a key of yours. It appears in
        this list.
      </p>
    </EmptyState>
  );
}
