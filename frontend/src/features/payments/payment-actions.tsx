import type { Payment, Session } from '@payment-platform/app/api-types';
import { type ReactNode, useState } from 'react';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { type ToastLink, useToast } from '../../components/toasts.tsx';
import { formatMoney } from '../../lib/money.ts';
import { useScopes } from '../../lib/scopes.ts';
import { AmountForm } from './amount-form.tsx';
import { useCapture, useRefund, useVoid } from './payments-api.ts';

type Action = 'capture' | 'void' | 'refund';

const actionsOf: Partial<Record<Payment['status'], readonly Action[]>> = {
  authorized: ['capture', 'void'],
  captured: ['refund'],
  partially_refunded: ['refund'],
};

const scopeOf: Record<Action, Session['scopes'][number]> = {
  capture: 'payments:write',
  void: 'payments:write',
  refund: 'refunds:write',
};

const labels: Record<Action, string> = { capture: 'Capture', void: 'Void', refund: 'Refund' };

/** What an operation has done, from the payment before and after it. */
const done: Record<Action, (before: Payment, after: Payment) => string> = {
  capture: (_, { capturedAmountMinor, currency }) => `Captured ${formatMoney(capturedAmountMinor, currency)}.`,
  void: (_, { amountMinor, currency }) => `Released ${formatMoney(amountMinor, currency)}.`,
  refund: (before, { refundedAmountMinor, currency }) =>
    `Refunded ${formatMoney(refundedAmountMinor - before.refundedAmountMinor, currency)}.`,
};

const payments = { to: '/payments', text: 'View payments' };
/** The list in which an operation shows. */
const listOf: Record<Action, ToastLink> = {
  capture: payments,
  void: payments,
  refund: { to: '/refunds', text: 'View refunds' },
};

/** The operations that the status of a payment and the scopes of the session permit, one form at a time. */
export function PaymentActions({ payment }: { readonly payment: Payment }) {
  const [open, setOpen] = useState<Action>();
  const scopes = useScopes();
  const actions = (actionsOf[payment.status] ?? []).filter((action) => scopes.includes(scopeOf[action]));
  const [unchanged, setUnchanged] = useState(false);
  const showToast = useToast();
  const close = (action: Action) => (after: Payment) => {
    setOpen(undefined);
    // Until the acquirer responds, the payment is unchanged.
    const isUnchanged = after.updatedAt === payment.updatedAt;
    setUnchanged(isUnchanged);
    if (!isUnchanged) showToast({ text: done[action](payment, after), link: listOf[action] });
  };
  const forms: Record<Action, ReactNode> = {
    capture: <CaptureForm payment={payment} onDone={close('capture')} />,
    void: <VoidForm payment={payment} onDone={close('void')} />,
    refund: <RefundForm payment={payment} onDone={close('refund')} />,
  };
  if (actions.length === 0) return null;
  return (
    <section aria-label="Actions">
      <div className="actions">
        {actions.map((action) => (
          <button
            key={action}
            type="button"
            className="quiet"
            aria-expanded={open === action}
            onClick={() => {
              setUnchanged(false);
              setOpen(open === action ? undefined : action);
            }}
          >
            {labels[action]}
          </button>
        ))}
      </div>
      {unchanged && <p role="status">The acquirer has not answered yet. Nothing is done twice.</p>}
      {open !== undefined && actions.includes(open) && forms[open]}
    </section>
  );
}

interface FormProps {
  readonly payment: Payment;
  readonly onDone: (after: Payment) => void;
}

function CaptureForm({ payment, onDone }: FormProps) {
  const { mutate, error, isPending } = useCapture(payment.id);
  return (
    <AmountForm
      label="Amount to capture"
      submitLabel="Capture this amount"
      currency={payment.currency}
      limitMinor={payment.amountMinor}
      pending={isPending}
      error={error}
      onSubmit={({ amountMinor }) => {
        mutate({ amountMinor }, { onSuccess: onDone });
      }}
    />
  );
}

function RefundForm({ payment, onDone }: FormProps) {
  const { mutate, error, isPending } = useRefund(payment.id);
  return (
    <AmountForm
      label="Amount to refund"
      submitLabel="Refund this amount"
      currency={payment.currency}
      limitMinor={payment.capturedAmountMinor - payment.refundedAmountMinor}
      withReason
      pending={isPending}
      error={error}
      onSubmit={(refund) => {
        mutate(refund, { onSuccess: onDone });
      }}
    />
  );
}

function VoidForm({ payment, onDone }: FormProps) {
  const { mutate, error, isPending } = useVoid(payment.id);
  return (
    <div className="panel">
      <p>The reserved {formatMoney(payment.amountMinor, payment.currency)} are released. This cannot be undone.</p>
      <ProblemAlert error={error} />
      <button
        type="button"
        disabled={isPending}
        onClick={() => {
          mutate({}, { onSuccess: onDone });
        }}
      >
        Void this payment
      </button>
    </div>
  );
}
