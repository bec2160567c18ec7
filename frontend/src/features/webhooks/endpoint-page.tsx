import type { WebhookEndpoint } from '@payment-platform/app/api-types';
import { type ReactNode, useState } from 'react';
import { useParams } from 'react-router';
import { Copyable } from '../../components/copyable.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useToast } from '../../components/toasts.tsx';
import { Time } from '../../components/time.tsx';
import { DeliveryList } from './delivery-list.tsx';
import { EndpointActions } from './endpoint-actions.tsx';
import { EndpointForm } from './endpoint-form.tsx';
import { EndpointState } from './endpoint-state.tsx';
import { ShownSecret } from './shown-secret.tsx';
import { useChangeEndpoint, useEndpoint } from './webhooks-api.ts';

/** An endpoint, what can be done with it, and what was sent to it. */
export function EndpointPage() {
  const { endpointId = '' } = useParams();
  const { data: endpoint, error } = useEndpoint(endpointId);
  const [secret, setSecret] = useState<string>();
  const [isChanging, setChanging] = useState(false);
  return (
    <>
      <PageHeading title="Webhook endpoint" back={{ to: '/webhooks', text: 'Webhooks' }} />
      <ProblemAlert error={error} />
      {!endpoint && !error && <Loading what="the webhook endpoint" />}
      {endpoint && (
        <>
          <EndpointFacts endpoint={endpoint} />
          {secret !== undefined && <ShownSecret secret={secret} />}
          <EndpointActions
            endpoint={endpoint}
            isChanging={isChanging}
            onChange={() => {
              setChanging(!isChanging);
            }}
            onSecret={setSecret}
          />
          {isChanging && (
            <ChangeEndpoint
              endpoint={endpoint}
              onChanged={() => {
                setChanging(false);
              }}
            />
          )}
          <DeliveryList endpointId={endpoint.id} />
        </>
      )}
    </>
  );
}

interface ChangeEndpointProps {
  readonly endpoint: WebhookEndpoint;
  readonly onChanged: () => void;
}

function ChangeEndpoint({ endpoint, onChanged }: ChangeEndpointProps) {
  const change = useChangeEndpoint(endpoint.id);
  const showToast = useToast();
  return (
    <EndpointForm
      endpoint={endpoint}
      submitText="Save"
      isPending={change.isPending}
      error={change.error}
      onSubmit={(choice) => {
        change.mutate(choice, {
          onSuccess: () => {
            showToast({ text: 'Saved the endpoint.' });
            onChanged();
          },
        });
      }}
    />
  );
}

function EndpointFacts({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { id, url, description, eventTypes, createdAt, failingSince } = endpoint;
  const facts: [string, ReactNode][] = [
    ['Description', description ?? '–'],
    ['Events', eventTypes.join(', ')],
    ['Created', <Time key="created" at={createdAt} />],
  ];
  if (failingSince !== null) facts.unshift(['Failing since', <Time key="failing" at={failingSince} />]);
  return (
    <section className="panel" aria-label="Facts">
      <div role="status" className="headline">
        <p className="address">{url}</p>
        <span>
          <EndpointState endpoint={endpoint} />
        </span>
      </div>
      <dl className="facts">
        {facts.map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div>
          <dt>Id</dt>
          <dd>
            <Copyable text={id} what="the endpoint id" />
          </dd>
        </div>
      </dl>
    </section>
  );
}
