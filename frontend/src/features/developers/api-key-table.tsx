import type { ApiKey, IssuedApiKey } from '@payment-platform/app/api-types';
import { useState } from 'react';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useToast } from '../../components/toasts.tsx';
import { Time } from '../../components/time.tsx';
import { useRevokeKey, useRollKey } from './api-keys-api.ts';

export interface ApiKeyTableProps {
  readonly apiKeys: readonly ApiKey[];
  /** Receives the key that replaces a rolled one. */
  readonly onIssued: (issued: IssuedApiKey) => void;
}

/** The API keys with their state and last use, and what can be done with them. */
export function ApiKeyTable({ apiKeys, onIssued }: ApiKeyTableProps) {
  const roll = useRollKey();
  const revoke = useRevokeKey();
  const showToast = useToast();
  const isPending = roll.isPending || revoke.isPending;
  const [asked, setAsked] = useState<string>();
  const columns: readonly Column<ApiKey>[] = [
    { title: 'Name', cell: ({ name }) => name },
    { title: 'State', cell: (apiKey) => <KeyState apiKey={apiKey} /> },
    { title: 'Scopes', cell: ({ scopes }) => scopes.join(', ') },
    { title: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : <Time at={lastUsedAt} />) },
    {
      title: 'Actions',
      cell: (apiKey) =>
        stateOf(apiKey) !== 'Ended' && (
          <div className="actions">
            <button
              type="button"
              className="quiet small"
              aria-label={`Roll ${apiKey.name}`}
              disabled={isPending}
              onClick={() => {
                roll.mutate(apiKey.id, { onSuccess: onIssued });
              }}
            >
              Roll
            </button>
            <button
              type="button"
              className="danger small"
              aria-label={asked === apiKey.id ? `Confirm to revoke ${apiKey.name}` : `Revoke ${apiKey.name}`}
              disabled={isPending}
              onClick={() => {
                if (asked === apiKey.id)
                  revoke.mutate(apiKey.id, {
                    onSuccess: ({ name }) => {
                      showToast({ text: `Revoked ${name}.` });
                    },
                  });
                setAsked(asked === apiKey.id ? undefined : apiKey.id);
              }}
            >
              {asked === apiKey.id ? 'Confirm' : 'Revoke'}
            </button>
          </div>
        ),
    },
  ];
  return (
    <>
      <ProblemAlert error={roll.error ?? revoke.error} />
      <DataTable label="API keys" columns={columns} rows={apiKeys} keyOf={({ id }) => id} />
      <p className="hint">
        A rolled key stays valid for a day beside the new one. A revoked key ends immediately, with the sessions that
        were opened with it.
      </p>
    </>
  );
}

function stateOf({ revokedAt, expiresAt }: ApiKey): 'Active' | 'Expires' | 'Ended' {
  if (revokedAt !== null) return 'Ended';
  if (expiresAt === null) return 'Active';
  return Date.parse(expiresAt) <= Date.now() ? 'Ended' : 'Expires';
}

const badges = { Active: 'badge-good', Expires: 'badge-wait', Ended: 'badge-calm' } as const;

function KeyState({ apiKey }: { readonly apiKey: ApiKey }) {
  const state = stateOf(apiKey);
  return (
    <>
      <span className={`badge ${badges[state]}`}>{state}</span>
      {state === 'Expires' && apiKey.expiresAt !== null && (
        <>
          {' '}
          <Time at={apiKey.expiresAt} />
        </>
      )}
    </>
  );
}
