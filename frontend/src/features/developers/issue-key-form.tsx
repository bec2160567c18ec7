import type { IssuedApiKey, NewApiKey } from '@payment-platform/app/api-types';
import { type SubmitEvent, useState } from 'react';
import { Field } from '../../components/field.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { textOf } from '../../lib/form-text.ts';
import { useIssueKey } from './api-keys-api.ts';

type Scope = NewApiKey['scopes'][number];

const scopeLabels: Readonly<Record<Scope, string>> = {
  'payments:read': 'Read payments and refunds',
  'payments:write': 'Take, capture and void payments',
  'refunds:write': 'Refund payments',
  'reports:read': 'Read the ledger, summaries and reports',
  'keys:write': 'Administer API keys',
  'webhooks:write': 'Administer webhooks',
};
const scopes = Object.keys(scopeLabels) as Scope[];

/** A form for a new API key. */
export function IssueKeyForm({ onIssued }: { readonly onIssued: (issued: IssuedApiKey) => void }) {
  const { mutate, error, isPending } = useIssueKey();
  const [flaw, setFlaw] = useState<string>();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const granted = scopes.filter((scope) => form.has(scope));
    setFlaw(granted.length === 0 ? 'Choose what the key may do.' : undefined);
    if (granted.length > 0) mutate({ name: textOf(form, 'name'), scopes: granted }, { onSuccess: onIssued });
  };
  return (
    <form onSubmit={submit} className="panel narrow">
      <Field label="Name" hint="Who or what will use the key">
        {(control) => <input {...control} name="name" required maxLength={100} autoComplete="off" />}
      </Field>
      <fieldset aria-describedby={flaw && 'scopes-flaw'}>
        <legend>What the key may do</legend>
        {scopes.map((scope) => (
          <label key={scope} className="choice">
            <input type="checkbox" name={scope} /> {scopeLabels[scope]} <code>{scope}</code>
          </label>
        ))}
        {flaw && (
          <p className="field-error" id="scopes-flaw">
            {flaw}
          </p>
        )}
      </fieldset>
      <ProblemAlert error={error} />
      <button type="submit" disabled={isPending}>
        Issue
      </button>
    </form>
  );
}
