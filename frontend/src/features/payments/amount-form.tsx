import { type SubmitEvent, useState } from 'react';
import { Field } from '../../components/field.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { textOf } from '../../lib/form-text.ts';
import { formatMoney, parseAmount, toEntry } from '../../lib/money.ts';
import { fieldErrorsOf } from './field-errors.ts';

export interface AmountFormProps {
  readonly label: string;
  readonly submitLabel: string;
  readonly currency: string;
  /** The maximum and initial amount. */
  readonly limitMinor: number;
  readonly withReason?: boolean;
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onSubmit: (entered: { amountMinor: number; reason?: string }) => void;
}

/** A form for the full or a partial amount of a payment. */
export function AmountForm(props: AmountFormProps) {
  const { label, submitLabel, currency, limitMinor, withReason = false, pending, error, onSubmit } = props;
  const [entryError, setEntryError] = useState<string>();
  const errors = fieldErrorsOf(error);

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const reason = textOf(form, 'reason');
    try {
      const amountMinor = parseAmount(textOf(form, 'amount'), currency);
      if (amountMinor > limitMinor) throw new RangeError(`At most ${formatMoney(limitMinor, currency)}.`);
      setEntryError(undefined);
      onSubmit({ amountMinor, ...(reason !== '' && { reason }) });
    } catch (error) {
      setEntryError((error as RangeError).message);
    }
  };
  return (
    <form onSubmit={submit} noValidate className="panel narrow">
      <Field
        label={label}
        hint={`Up to ${formatMoney(limitMinor, currency)}`}
        error={entryError ?? errors['amountMinor']}
      >
        {(control) => (
          <input
            {...control}
            name="amount"
            inputMode="decimal"
            autoComplete="off"
            defaultValue={toEntry(limitMinor, currency)}
          />
        )}
      </Field>
      {withReason && (
        <Field label="Reason (optional)" error={errors['reason']}>
          {(control) => <input {...control} name="reason" maxLength={255} autoComplete="off" />}
        </Field>
      )}
      <ProblemAlert error={error} />
      <button type="submit" disabled={pending}>
        {submitLabel}
      </button>
    </form>
  );
}
