import type { WebhookEndpoint } from '@payment-platform/app/api-types';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useToast } from '../../components/toasts.tsx';
import { useDeleteEndpoint, useRollSecret, useSendTest, useSwitchEndpoint } from './webhooks-api.ts';

export interface EndpointActionsProps {
  readonly endpoint: WebhookEndpoint;
  readonly isChanging: boolean;
  readonly onChange: () => void;
  /** Receives the secret that replaces the old one. */
  readonly onSecret: (secret: string) => void;
}

/** What can be done with an endpoint. Deleting asks for a confirmation. */
export function EndpointActions({ endpoint, isChanging, onChange, onSecret }: EndpointActionsProps) {
  const { id, disabledAt } = endpoint;
  const [test, turn, roll, remove] = [useSendTest(id), useSwitchEndpoint(id), useRollSecret(id), useDeleteEndpoint(id)];
  const [isAsked, setAsked] = useState(false);
  const showToast = useToast();
  const navigate = useNavigate();
  const isPending = test.isPending || turn.isPending || roll.isPending || remove.isPending;
  const isDisabled = disabledAt !== null;
  const act = (text: string, action: () => void, className = 'quiet') => (
    <button type="button" className={className} disabled={isPending} onClick={action}>
      {text}
    </button>
  );
  return (
    <section>
      <div className="actions">
        {act(
          'Send a test event',
          () => {
            test.mutate(undefined, {
              onSuccess: () => {
                showToast({ text: 'The test event is being sent.' });
              },
            });
          },
          '',
        )}
        <button type="button" className="quiet" aria-expanded={isChanging} onClick={onChange}>
          Change
        </button>
        {act('Roll the secret', () => {
          roll.mutate(undefined, {
            onSuccess: ({ secret }) => {
              onSecret(secret);
            },
          });
        })}
        {act(isDisabled ? 'Enable' : 'Disable', () => {
          turn.mutate(isDisabled, {
            onSuccess: () => {
              showToast({ text: isDisabled ? 'Enabled. Events that waited are sent.' : 'Disabled. Its events wait.' });
            },
          });
        })}
        {act(
          isAsked ? 'Confirm to delete' : 'Delete',
          () => {
            if (isAsked)
              remove.mutate(undefined, {
                onSuccess: () => {
                  showToast({ text: 'Deleted the endpoint.' });
                  void navigate('/webhooks');
                },
              });
            setAsked(!isAsked);
          },
          'danger',
        )}
      </div>
      <ProblemAlert error={test.error ?? turn.error ?? roll.error ?? remove.error} />
      <p className="hint">
        A rolled secret signs beside the new one for a day. The events of a disabled endpoint wait for 30 days at most.
      </p>
    </section>
  );
}
