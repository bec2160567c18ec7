import type { Payment } from '@payment-platform/app/api-types';

/** A link to the page on which the customer of a payment authenticates; nothing when the payment requires no action. */
export function AuthenticationLink({ payment: { nextAction } }: { readonly payment: Payment }) {
  if (!nextAction) return null;
  return (
    <a className="button" href={nextAction.url}>
      Complete authentication
    </a>
  );
}
