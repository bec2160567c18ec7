import type { WebhookAttempt, WebhookDelivery } from '@payment-platform/app/api-types';
import { Copyable } from '../../components/copyable.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Time } from '../../components/time.tsx';
import { useAttempts } from './webhooks-api.ts';

export interface AttemptListProps {
  readonly endpointId: string;
  readonly delivery: WebhookDelivery;
}

const columns: readonly Column<WebhookAttempt>[] = [
  { title: 'Time', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { title: 'Response', cell: ({ statusCode, error }) => statusCode ?? error ?? '–' },
  { title: 'Duration', isNumber: true, cell: ({ durationMilliseconds }) => `${durationMilliseconds} ms` },
  { title: 'Start of the response', cell: ({ responseStart }) => <code>{responseStart}</code> },
];

/** The attempts of a delivery, newest first. */
export function AttemptList({ endpointId, delivery }: AttemptListProps) {
  const { id, eventId, eventType, status, nextAttemptAt } = delivery;
  const { data, error } = useAttempts(endpointId, id, `${status} ${nextAttemptAt ?? ''}`);
  return (
    <section>
      <h2>Attempts of {eventType}</h2>
      <p>
        Event <Copyable text={eventId} what="the event id" />
      </p>
      <ProblemAlert error={error} />
      {!data && !error && <Loading what="the attempts" />}
      {data && data.items.length === 0 && <p>No attempt yet.</p>}
      {data && data.items.length > 0 && (
        <DataTable label="Attempts" columns={columns} rows={data.items} keyOf={(attempt) => attempt.id} />
      )}
    </section>
  );
}
