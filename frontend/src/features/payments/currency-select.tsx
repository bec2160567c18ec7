import { useState } from 'react';
import type { ControlProps } from '../../components/field.tsx';
import { currencies } from '../../lib/money.ts';
import { useUsedCurrencies } from './payments-api.ts';

/** Offers the currencies of the merchant's payments once they are known, and keeps what was chosen before. */
export function CurrencySelect({ initial, ...control }: ControlProps & { readonly initial: string }) {
  const [chosen, setChosen] = useState(initial);
  const used = useUsedCurrencies();
  const offered = used ? currencies.filter((code) => used.includes(code) || code === chosen) : currencies;
  return (
    <select
      {...control}
      name="currency"
      value={chosen}
      onChange={({ target }) => {
        setChosen(target.value);
      }}
    >
      <option value="">All</option>
      {offered.map((code) => (
        <option key={code}>{code}</option>
      ))}
    </select>
  );
}
