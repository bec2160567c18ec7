import { PageHeading } from '../../components/page-heading.tsx';
import { PaymentForm } from './payment-form.tsx';
import { PaymentOutcome } from './payment-outcome.tsx';
import { useTakePayment } from './payments-api.ts';

export function NewPaymentPage() {
  const { data, error, isPending, mutate, reset } = useTakePayment();
  return (
    <>
      <PageHeading title="Take a payment" back={{ to: '/payments', text: 'Payments' }} />
      {data ? (
        <PaymentOutcome taken={data} onAnother={reset} />
      ) : (
        <PaymentForm pending={isPending} error={error} onSubmit={mutate} />
      )}
    </>
  );
}
