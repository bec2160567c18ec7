import type { WebhookEndpoint } from '@payment-platform/app/api-types';
import { Link } from 'react-router';
import { formatTime } from '../../lib/dates.ts';
import { useEndpoints } from './home-api.ts';

const disabledBecause: Readonly<Record<string, string>> = {
  requested: 'is disabled. Its events wait.',
  failing: 'was disabled, because every attempt failed for five days.',
  gone: 'was disabled, because it answered 410.',
};

/** What needs attention: webhook endpoints that are disabled or failing. It shows nothing while there is none. */
export function Attention() {
  // An environment without webhooks has nothing to show.
  const endpoints = useEndpoints().data?.items ?? [];
  const notices = endpoints.filter(({ disabledAt, failingSince }) => disabledAt !== null || failingSince !== null);
  if (notices.length === 0) return null;
  return (
    <section className="notices" aria-labelledby="attention">
      <h2 id="attention">Needs attention</h2>
      <ul>
        {notices.map((endpoint) => (
          <li key={endpoint.id}>
            The webhook endpoint <Link to={`/webhooks/${endpoint.id}`}>{endpoint.description ?? endpoint.url}</Link>{' '}
            <Trouble endpoint={endpoint} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Trouble({ endpoint: { disabledAt, disabledReason, failingSince } }: { readonly endpoint: WebhookEndpoint }) {
  if (disabledAt !== null) return disabledBecause[disabledReason ?? 'requested'];
  if (failingSince === null) return null;
  return (
    <>
      has been failing since <time dateTime={failingSince}>{formatTime(failingSince)}</time>.
    </>
  );
}
