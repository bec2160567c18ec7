import type { Payment } from '@payment-platform/app/api-types';

/** The display names of the payment statuses. */
export const statusLabels: Readonly<Record<Payment['status'], string>> = {
  processing: 'Processing',
  requires_action: 'Requires authentication',
  authorized: 'Authorized',
  captured: 'Captured',
  partially_refunded: 'Partially refunded',
  refunded: 'Refunded',
  voided: 'Voided',
  expired: 'Expired',
  declined: 'Declined',
};

export function StatusBadge({ status }: { readonly status: Payment['status'] }) {
  return <span className={`badge badge-${status}`}>{statusLabels[status]}</span>;
}
