import type { Payment } from '@payment-platform/app/api-types';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { StatusBadge } from '../../components/status-badge.tsx';
import { formatMoney } from '../../lib/money.ts';
import { AuthenticationLink } from './authentication-link.tsx';
import { usePayment } from './payments-api.ts';
import { describeDecline } from './simulated-cards.ts';

const sentences: Partial<Record<Payment['status'], string>> = {
  processing: 'The acquirer has not answered yet. This page asks again; nothing is charged twice.',
  requires_action: 'The customer must authenticate. Until then, nothing is charged.',
  authorized: 'The amount is reserved. Capture it when you deliver.',
  captured: 'The amount is charged.',
};

export interface PaymentOutcomeProps {
  /** The payment in the first response of the API. */
  readonly taken: Payment;
  readonly onAnother: () => void;
}

/** The outcome of a new payment. Polls the payment until the outcome is known. */
export function PaymentOutcome({ taken, onAnother }: PaymentOutcomeProps) {
  const { data: payment = taken } = usePayment(taken.id, taken);
  const { status, declineCode } = payment;
  const visit = useLocation().key;
  const [visitOfPayment] = useState(visit);
  // The link of the navigation leads to this page, too. While a payment is being sent, it must not hide what comes of it.
  useEffect(() => {
    if (visit !== visitOfPayment) onAnother();
  }, [visit, visitOfPayment, onAnother]);
  return (
    <section className="panel narrow">
      <div role="status">
        <div className="headline">
          <p className="amount">{formatMoney(payment.amountMinor, payment.currency)}</p>
          <StatusBadge status={status} />
        </div>
        <p>{declineCode === null ? sentences[status] : `Nothing was charged: ${describeDecline(declineCode)}.`}</p>
      </div>
      <p className="row">
        <AuthenticationLink payment={payment} />
        <Link className="button" to={`/payments/${payment.id}`}>
          View payment
        </Link>
        <button type="button" className="quiet" onClick={onAnother}>
          Take another payment
        </button>
      </p>
    </section>
  );
}
