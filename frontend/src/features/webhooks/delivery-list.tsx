import type { WebhookDelivery } from '@payment-platform/app/api-types';
import { Link, useSearchParams } from 'react-router';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { NextPageLink } from '../../components/next-page-link.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useToast } from '../../components/toasts.tsx';
import { Time } from '../../components/time.tsx';
import { AttemptList } from './attempt-list.tsx';
import { type DeliveryStatus, useDeliveries, useResend } from './webhooks-api.ts';

const statuses: Readonly<Record<DeliveryStatus, { readonly text: string; readonly badge: string }>> = {
  pending: { text: 'Pending', badge: 'badge-wait' },
  delivered: { text: 'Delivered', badge: 'badge-good' },
  parked: { text: 'Parked', badge: 'badge-bad' },
};
const isStatus = (text: string | null): text is DeliveryStatus => text !== null && text in statuses;

/** What was sent to an endpoint, newest first, and the attempts of the delivery in the URL of the page. */
export function DeliveryList({ endpointId }: { readonly endpointId: string }) {
  const [search] = useSearchParams();
  const chosen = search.get('status');
  const status = isStatus(chosen) ? chosen : undefined;
  const { data, error } = useDeliveries(endpointId, status, search.get('cursor'));
  const opened = data?.items.find(({ id }) => id === search.get('delivery'));
  return (
    <section>
      <h2>Deliveries</h2>
      <StatusLinks chosen={status} />
      <ProblemAlert error={error} />
      {!data && !error && <Loading what="the deliveries" />}
      {data && data.items.length === 0 && <NoDeliveries isFiltered={status !== undefined} />}
      {data && data.items.length > 0 && <DeliveryTable endpointId={endpointId} deliveries={data.items} />}
      {data && <NextPageLink cursor={data.nextCursor} />}
      {opened && <AttemptList endpointId={endpointId} delivery={opened} />}
    </section>
  );
}

function StatusLinks({ chosen }: { readonly chosen: DeliveryStatus | undefined }) {
  const choices: [string, string, boolean][] = [
    ['?', 'All', chosen === undefined],
    ...Object.entries(statuses).map(([status, { text }]): [string, string, boolean] => [
      `?status=${status}`,
      text,
      status === chosen,
    ]),
  ];
  return (
    <nav aria-label="Status" className="segments">
      {choices.map(([to, text, isChosen]) => (
        <Link key={to} to={to} aria-current={isChosen || undefined}>
          {text}
        </Link>
      ))}
    </nav>
  );
}

interface DeliveryTableProps {
  readonly endpointId: string;
  readonly deliveries: readonly WebhookDelivery[];
}

function DeliveryTable({ endpointId, deliveries }: DeliveryTableProps) {
  const [search] = useSearchParams();
  const resend = useResend(endpointId);
  const showToast = useToast();
  const linkTo = (id: string) => {
    const target = new URLSearchParams(search);
    target.set('delivery', id);
    return `?${target}`;
  };
  const columns: readonly Column<WebhookDelivery>[] = [
    { title: 'Event', cell: ({ eventType }) => eventType },
    {
      title: 'Status',
      cell: ({ status }) => <span className={`badge ${statuses[status].badge}`}>{statuses[status].text}</span>,
    },
    {
      title: 'Payment',
      cell: ({ paymentId }) => (paymentId === null ? '–' : <Link to={`/payments/${paymentId}`}>View payment</Link>),
    },
    { title: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      title: 'Next attempt',
      cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? '–' : <Time at={nextAttemptAt} />),
    },
    {
      title: 'Actions',
      cell: ({ id, eventType }) => (
        <div className="actions">
          <Link className="button quiet small" to={linkTo(id)} aria-label={`Attempts of ${eventType}`}>
            Attempts
          </Link>
          <button
            type="button"
            className="quiet small"
            aria-label={`Resend ${eventType}`}
            disabled={resend.isPending}
            onClick={() => {
              resend.mutate(id, {
                onSuccess: () => {
                  showToast({ text: `${eventType} is being sent again.` });
                },
              });
            }}
          >
            Resend
          </button>
        </div>
      ),
    },
  ];
  return (
    <>
      <ProblemAlert error={resend.error} />
      <DataTable label="Deliveries" columns={columns} rows={deliveries} keyOf={({ id }) => id} />
    </>
  );
}

function NoDeliveries({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered)
    return (
      <EmptyState title="No deliveries in this status.">
        <Link to="?">Show all deliveries</Link>
      </EmptyState>
    );
  return (
    <EmptyState title="Nothing was sent yet.">
      <p>Send a test event, or take a payment. Each delivery appears here with its attempts.</p>
    </EmptyState>
  );
}
