import type { WebhookEndpoint, WebhookEndpointWithSecret } from '@payment-platform/app/api-types';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { NextPageLink } from '../../components/next-page-link.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Time } from '../../components/time.tsx';
import { EndpointForm } from './endpoint-form.tsx';
import { EndpointState } from './endpoint-state.tsx';
import { ShownSecret } from './shown-secret.tsx';
import { useCreateEndpoint, useEndpointList } from './webhooks-api.ts';

/** Where the merchant receives events. */
export function EndpointListPage() {
  const [search] = useSearchParams();
  const { data, error } = useEndpointList(search.get('cursor'));
  const create = useCreateEndpoint();
  const [isAdding, setAdding] = useState(false);
  const [created, setCreated] = useState<WebhookEndpointWithSecret>();
  return (
    <>
      <PageHeading title="Webhooks">
        <button
          type="button"
          aria-expanded={isAdding}
          onClick={() => {
            setAdding(!isAdding);
          }}
        >
          Add an endpoint
        </button>
      </PageHeading>
      {isAdding && (
        <EndpointForm
          submitText="Add"
          isPending={create.isPending}
          error={create.error}
          onSubmit={(choice) => {
            create.mutate(choice, {
              onSuccess: (endpoint) => {
                setAdding(false);
                setCreated(endpoint);
              },
            });
          }}
        />
      )}
      {created && <ShownSecret secret={created.secret} />}
      <ProblemAlert error={error} />
      {!data && !error && <Loading what="the webhook endpoints" />}
      {data && data.items.length === 0 && <NoEndpoints />}
      {data && data.items.length > 0 && <EndpointTable endpoints={data.items} />}
      {data && <NextPageLink cursor={data.nextCursor} />}
    </>
  );
}

const columns: readonly Column<WebhookEndpoint>[] = [
  { title: 'URL', cell: ({ id, url }) => <Link to={`/webhooks/${id}`}>{url}</Link> },
  { title: 'State', cell: (endpoint) => <EndpointState endpoint={endpoint} /> },
  { title: 'Description', cell: ({ description }) => description ?? '–' },
  { title: 'Events', isNumber: true, cell: ({ eventTypes }) => eventTypes.length },
  { title: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
];

function EndpointTable({ endpoints }: { readonly endpoints: readonly WebhookEndpoint[] }) {
  const navigate = useNavigate();
  return (
    <DataTable
      label="Webhook endpoints"
      columns={columns}
      rows={endpoints}
      keyOf={({ id }) => id}
      onOpen={({ id }) => void navigate(`/webhooks/${id}`)}
    />
  );
}

function NoEndpoints() {
  return (
    <EmptyState title="No webhook endpoints yet.">
      <p>
        An endpoint of your server receives each event of your payments, signed as Standard Webhooks describes. Add one
        with its URL, copy its signing secret, and send it a test event.
      </p>
    </EmptyState>
  );
}
