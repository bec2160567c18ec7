import type { PaymentView } from '@payment-platform/app/contract';

/** The display names of the payment statuses. */
export const statusLabels: Readonly<Record<PaymentView['status'], string>> = {
  processing: 'Processing',
  authorized: 'Authorized',
  captured: 'Captured',
  partially_refunded: 'Partially refunded',
  refunded: 'Refunded',
  voided: 'Voided',
  declined: 'Declined',
};

export function StatusBadge({ status }: { readonly status: PaymentView['status'] }) {
  return <span className={`badge badge-${status}`}>{statusLabels[status]}</span>;
}
