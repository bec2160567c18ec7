import type { WebhookEndpoint, WebhookEndpointChoice } from '@payment-platform/app/api-types';
import { type SubmitEvent, useState } from 'react';
import { Field } from '../../components/field.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { textOf } from '../../lib/form-text.ts';

type EventType = WebhookEndpointChoice['eventTypes'][number];

const eventLabels: Readonly<Record<EventType, string>> = {
  'payment.authorized': 'A payment is authorized',
  'payment.captured': 'A payment is captured',
  'payment.declined': 'A payment is declined',
  'payment.requires_action': 'A customer must authenticate',
  'payment.voided': 'A payment is voided',
  'payment.expired': 'An authorization expires',
  'refund.succeeded': 'A refund succeeds',
  'refund.declined': 'A refund is declined',
  'capture.declined': 'A capture is declined',
  'void.declined': 'A void is declined',
};
const eventTypes = Object.keys(eventLabels) as EventType[];

export interface EndpointFormProps {
  /** The endpoint to change. @default - a new one, which receives every event */
  readonly endpoint?: WebhookEndpoint;
  readonly submitText: string;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onSubmit: (choice: WebhookEndpointChoice) => void;
}

/** A form for the URL, the events and the description of an endpoint. */
export function EndpointForm({ endpoint, submitText, isPending, error, onSubmit }: EndpointFormProps) {
  const [flaw, setFlaw] = useState<string>();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = eventTypes.filter((type) => form.has(type));
    const description = textOf(form, 'description');
    setFlaw(chosen.length === 0 ? 'Choose at least one event.' : undefined);
    if (chosen.length > 0)
      onSubmit({ url: textOf(form, 'url'), eventTypes: chosen, ...(description && { description }) });
  };
  return (
    <form onSubmit={submit} className="panel narrow">
      <Field label="URL" hint="It starts with https:// and has a public address.">
        {(control) => (
          <input {...control} name="url" type="url" required maxLength={2048} defaultValue={endpoint?.url} />
        )}
      </Field>
      <Field label="Description" hint="Optional, such as the system that receives the events">
        {(control) => (
          <input {...control} name="description" maxLength={255} defaultValue={endpoint?.description ?? ''} />
        )}
      </Field>
      <fieldset aria-describedby={flaw && 'events-flaw'}>
        <legend>Events</legend>
        {eventTypes.map((type) => (
          <label key={type} className="choice">
            <input type="checkbox" name={type} defaultChecked={endpoint?.eventTypes.includes(type) ?? true} />{' '}
            {eventLabels[type]} <code>{type}</code>
          </label>
        ))}
        {flaw && (
          <p className="field-error" id="events-flaw">
            {flaw}
          </p>
        )}
      </fieldset>
      <ProblemAlert error={error} />
      <button type="submit" disabled={isPending}>
        {submitText}
      </button>
    </form>
  );
}
