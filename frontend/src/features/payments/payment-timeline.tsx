import type { Payment } from '@payment-platform/app/api-types';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Time } from '../../components/time.tsx';
import { formatMoney } from '../../lib/money.ts';
import { usePaymentEvents } from './payments-api.ts';

/** `payment.captured` -> `Payment captured`. */
function describe(type: string): string {
  const words = type.replaceAll('.', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The events of a payment, oldest first. */
export function PaymentTimeline({ payment }: { readonly payment: Payment }) {
  const { data, error } = usePaymentEvents(payment.id, payment.updatedAt);
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <ProblemAlert error={error} />
      <ol className="timeline">
        {data?.items.map(({ id, type, amountMinor, detail, actor, occurredAt }) => (
          <li key={id}>
            <span className="event">{describe(type)}</span>
            {amountMinor !== null && <span>{formatMoney(amountMinor, payment.currency)}</span>}
            {detail !== null && <span>{detail.replaceAll('_', ' ')}</span>}
            {actor !== null && <span>by {actor.kind === 'person' ? actor.name : `API key ${actor.name}`}</span>}
            <Time at={occurredAt} />
          </li>
        ))}
      </ol>
    </section>
  );
}
