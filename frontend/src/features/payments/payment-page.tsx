import type { Payment } from '@payment-platform/app/api-types';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { Copyable } from '../../components/copyable.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Time } from '../../components/time.tsx';
import { formatMoney } from '../../lib/money.ts';
import { usePlatform } from '../../lib/platform-context.ts';
import { AuthenticationLink } from './authentication-link.tsx';
import { PaymentDocuments } from './payment-documents.tsx';
import { PaymentActions } from './payment-actions.tsx';
import { PaymentEntries } from './payment-entries.tsx';
import { PaymentMetadata } from './payment-metadata.tsx';
import { PaymentTimeline } from './payment-timeline.tsx';
import { usePayment } from './payments-api.ts';
import { describeDecline } from './simulated-cards.ts';

export function PaymentPage() {
  const { paymentId = '' } = useParams();
  const { config } = usePlatform();
  const { data: payment, error } = usePayment(paymentId);
  return (
    <>
      <PageHeading title="Payment" back={{ to: '/payments', text: 'Payments' }} />
      <ProblemAlert error={error} />
      {!payment && !error && <Loading what="the payment" />}
      {payment && (
        <>
          <PaymentFacts payment={payment} />
          <PaymentActions payment={payment} />
          <PaymentMetadata payment={payment} />
          <PaymentTimeline payment={payment} />
          <PaymentEntries payment={payment} />
          {config.documents && <PaymentDocuments paymentId={payment.id} />}
        </>
      )}
    </>
  );
}

function PaymentFacts({ payment }: { readonly payment: Payment }) {
  const { id, status, currency, declineCode, reference, description, paymentToken, createdAt } = payment;
  const facts: [string, ReactNode][] = [
    ['Captured', formatMoney(payment.capturedAmountMinor, currency)],
    ['Refunded', formatMoney(payment.refundedAmountMinor, currency)],
    ['Reference', reference ?? '–'],
    ['Description', description ?? '–'],
    ['Payment token', paymentToken],
    ['Taken', <Time key="taken" at={createdAt} />],
  ];
  if (declineCode !== null) facts.unshift(['Declined', describeDecline(declineCode)]);
  return (
    <section className="panel" aria-label="Facts">
      <div role="status" className="headline">
        <p className="amount">{formatMoney(payment.amountMinor, currency)}</p>
        <StatusBadge status={status} />
      </div>
      <AuthenticationLink payment={payment} />
      <dl className="facts">
        {facts.map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div>
          <dt>Id</dt>
          <dd>
            <Copyable text={id} what="the payment id" />
          </dd>
        </div>
      </dl>
    </section>
  );
}
