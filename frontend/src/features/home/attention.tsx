import type { WebhookEndpoint } from '@payment-platform/app/api-types';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Time } from '../../components/time.tsx';
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
  const notices = endpoints.map((endpoint) => ({ endpoint, trouble: troubleOf(endpoint) }));
  const troubled = notices.filter(({ trouble }) => trouble !== undefined);
  if (troubled.length === 0) return null;
  return (
    <section className="notices" aria-labelledby="attention">
      <h2 id="attention">Needs attention</h2>
      <ul>
        {troubled.map(({ endpoint: { id, description, url }, trouble }) => (
          <li key={id}>
            The webhook endpoint <Link to={`/webhooks/${id}`}>{description ?? url}</Link> {trouble}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is wrong with an endpoint; `undefined` if nothing is. */
function troubleOf({ disabledReason, failingSince }: WebhookEndpoint): ReactNode {
  if (disabledReason !== null) return disabledBecause[disabledReason];
  if (failingSince === null) return undefined;
  return (
    <>
      has been failing since <Time at={failingSince} />.
    </>
  );
}
