import type { PaymentView } from '@payment-platform/app/contract';
import { Link, useSearchParams } from 'react-router';
import { DataTable } from '../../components/data-table.tsx';
import { Loading } from '../../components/loading.tsx';
import { NextPageLink } from '../../components/next-page-link.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { formatTime } from '../../lib/dates.ts';
import { formatMoney } from '../../lib/money.ts';
import { PaymentFilters, paymentListQuery } from './payment-filters.tsx';
import { usePayments } from './payments-api.ts';

export function PaymentListPage() {
  const [search] = useSearchParams();
  const { data, error } = usePayments(paymentListQuery(search));
  return (
    <>
      <PageHeading title="Payments">
        <Link to="/payments/new" className="button">
          Take a payment
        </Link>
      </PageHeading>
      <PaymentFilters />
      <ProblemAlert error={error} />
      {!data && !error && <Loading what="payments" />}
      {data && data.items.length === 0 && (
        <p role="status">{search.size === 0 ? 'No payments yet.' : 'No payments match these filters.'}</p>
      )}
      {data && data.items.length > 0 && <PaymentTable payments={data.items} />}
      {data && <NextPageLink cursor={data.nextCursor} />}
    </>
  );
}

const columns = [{ title: 'Time' }, { title: 'Reference' }, { title: 'Amount', isNumber: true }, { title: 'Status' }];

function PaymentTable({ payments }: { readonly payments: readonly PaymentView[] }) {
  return (
    <DataTable label="Payments" columns={columns}>
      <tbody>
        {payments.map(({ id, createdAt, reference, amountMinor, currency, status }) => (
          <tr key={id}>
            <td>
              <Link to={`/payments/${id}`}>{formatTime(createdAt)}</Link>
            </td>
            <td>{reference ?? '–'}</td>
            <td className="number">{formatMoney(amountMinor, currency)}</td>
            <td>
              <StatusBadge status={status} />
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
