import type { NewPayment } from '@payment-platform/app/api-types';
import { type SubmitEvent, useState } from 'react';
import { Field } from '../../components/field.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { textOf } from '../../lib/form-text.ts';
import { currencies, parseAmount, toEntry } from '../../lib/money.ts';
import { usePlatform } from '../../lib/platform-context.ts';
import { type FieldErrors, fieldErrorsOf } from './field-errors.ts';
import { simulatedCards } from './simulated-cards.ts';

export interface PaymentFormProps {
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onSubmit: (payment: NewPayment) => void;
}

/** The form for a new payment. */
export function PaymentForm({ pending, error, onSubmit }: PaymentFormProps) {
  const { config } = usePlatform();
  const [entryErrors, setEntryErrors] = useState<FieldErrors>({});
  const errors = { ...fieldErrorsOf(error), ...entryErrors };

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const payment = readPayment(new FormData(event.currentTarget));
    setEntryErrors('errors' in payment ? payment.errors : {});
    if (!('errors' in payment)) onSubmit(payment);
  };
  return (
    <form onSubmit={submit} noValidate className="panel narrow">
      <div className="row">
        <Field label="Amount" hint={`Such as ${toEntry(1250, 'EUR')}`} error={errors['amountMinor']}>
          {(control) => <input {...control} name="amount" inputMode="decimal" autoComplete="off" />}
        </Field>
        <Field label="Currency" error={errors['currency']}>
          {(control) => (
            <select {...control} name="currency" defaultValue="EUR">
              {currencies.map((code) => (
                <option key={code}>{code}</option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Field
        label="Payment token"
        hint={
          config.demoTokens
            ? 'The acquirer is simulated: choose what it does'
            : 'Stands for a card; never enter a card number'
        }
        error={errors['paymentToken']}
      >
        {(control) =>
          config.demoTokens ? (
            <select {...control} name="paymentToken">
              {simulatedCards.map(([token, label]) => (
                <option key={token} value={token}>
                  {label}
                </option>
              ))}
            </select>
          ) : (
            <input {...control} name="paymentToken" autoComplete="off" spellCheck={false} maxLength={64} />
          )
        }
      </Field>
      <Field label="Reference (optional)" hint="Your order number, for searching" error={errors['reference']}>
        {(control) => <input {...control} name="reference" maxLength={64} autoComplete="off" />}
      </Field>
      <Field label="Description (optional)" error={errors['description']}>
        {(control) => <input {...control} name="description" maxLength={255} autoComplete="off" />}
      </Field>
      <fieldset>
        <legend>Capture</legend>
        <label className="choice">
          <input type="radio" name="capture" value="automatic" defaultChecked /> Capture now
        </label>
        <label className="choice">
          <input type="radio" name="capture" value="manual" /> Capture later
        </label>
      </fieldset>
      <ProblemAlert error={error} />
      <button type="submit" disabled={pending}>
        {pending ? 'Taking the payment …' : 'Take payment'}
      </button>
    </form>
  );
}

function readPayment(form: FormData): NewPayment | { errors: FieldErrors } {
  const text = (name: string) => textOf(form, name);
  const errors: Record<string, string> = {};
  let amountMinor = 0;
  try {
    amountMinor = parseAmount(text('amount'), text('currency'));
  } catch (error) {
    errors['amountMinor'] = (error as RangeError).message;
  }
  if (!/^(tok|pm)_[A-Za-z0-9_]{1,60}$/.test(text('paymentToken')))
    errors['paymentToken'] = 'Enter a token: tok_ or pm_, and then letters, digits and underscores.';
  if (Object.keys(errors).length > 0) return { errors };
  return {
    amountMinor,
    // One of the options, all of which the API accepts.
    currency: text('currency') as NewPayment['currency'],
    paymentToken: text('paymentToken'),
    ...(text('reference') && { reference: text('reference') }),
    ...(text('description') && { description: text('description') }),
    capture: text('capture') === 'manual' ? 'manual' : 'automatic',
    returnUrl: `${window.location.origin}/payments`,
  };
}
