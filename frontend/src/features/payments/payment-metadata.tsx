import type { Payment } from '@payment-platform/app/api-types';
import { Link } from 'react-router';

/** The metadata of a payment. Each pair leads to the payments that have it, too. */
export function PaymentMetadata({ payment: { metadata } }: { readonly payment: Payment }) {
  const pairs = Object.entries(metadata);
  return (
    <section aria-labelledby="metadata">
      <h2 id="metadata">Metadata</h2>
      {pairs.length === 0 && <p>No metadata. The API stores up to 20 pairs with a new payment.</p>}
      {pairs.length > 0 && (
        <dl className="panel pairs">
          {pairs.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Link to={`/payments?${new URLSearchParams({ q: `${name}:${value}` })}`}>{value}</Link>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
