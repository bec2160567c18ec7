import type { IssuedApiKey } from '@payment-platform/app/api-types';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { Copyable } from '../../components/copyable.tsx';
import { Loading } from '../../components/loading.tsx';
import { NextPageLink } from '../../components/next-page-link.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { usePlatform } from '../../lib/platform-context.ts';
import { ApiKeyTable } from './api-key-table.tsx';
import { useApiKeys } from './api-keys-api.ts';
import { IssueKeyForm } from './issue-key-form.tsx';

/** The merchant's API keys, and where the API is described. */
export function DevelopersPage() {
  const { api } = usePlatform();
  const [search] = useSearchParams();
  const { data, error } = useApiKeys(search.get('cursor'));
  const [isIssuing, setIssuing] = useState(false);
  const [issued, setIssued] = useState<IssuedApiKey>();
  return (
    <>
      <PageHeading title="Developers">
        <a className="button quiet" href={api.urlOf('/openapi.json')}>
          OpenAPI description
        </a>
        <button
          type="button"
          aria-expanded={isIssuing}
          onClick={() => {
            setIssuing(!isIssuing);
          }}
        >
          Issue a key
        </button>
      </PageHeading>
      {isIssuing && (
        <IssueKeyForm
          onIssued={(answer) => {
            setIssuing(false);
            setIssued(answer);
          }}
        />
      )}
      {issued && <IssuedKey issued={issued} />}
      <section>
        <h2>API keys</h2>
        <ProblemAlert error={error} />
        {!data && !error && <Loading what="the API keys" />}
        {data && <ApiKeyTable apiKeys={data.items} onIssued={setIssued} />}
        {data && <NextPageLink cursor={data.nextCursor} />}
      </section>
    </>
  );
}

/** The secret of a new key, which nobody can read again. */
function IssuedKey({ issued: { name, secret } }: { readonly issued: IssuedApiKey }) {
  return (
    <section className="panel" aria-label="The new key">
      <div role="status">
        <p>
          <strong>{name}</strong>: copy the key now. It is shown only once.
        </p>
        <Copyable text={secret} what="the key" />
      </div>
    </section>
  );
}
