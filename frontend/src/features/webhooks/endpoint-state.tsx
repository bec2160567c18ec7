import type { WebhookEndpoint } from '@payment-platform/app/api-types';

const reasons: Readonly<Record<string, string>> = {
  failing: 'Every attempt failed for five days',
  gone: 'It answered 410',
};

/** Whether an endpoint receives events, and why not. */
export function EndpointState({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { disabledAt, disabledReason, failingSince } = endpoint;
  if (disabledAt !== null) {
    const reason = reasons[disabledReason ?? ''];
    return (
      <>
        <span className={`badge ${reason ? 'badge-bad' : 'badge-calm'}`}>Disabled</span>
        {reason && <span className="hint"> {reason}</span>}
      </>
    );
  }
  if (failingSince !== null) return <span className="badge badge-wait">Failing</span>;
  return <span className="badge badge-good">Enabled</span>;
}
