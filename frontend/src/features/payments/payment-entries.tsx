import type { LedgerEntry, Payment } from '@payment-platform/app/api-types';
import { EntriesTable } from '../../components/entries-table.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { formatMoney } from '../../lib/money.ts';
import { usePaymentEntries } from './payments-api.ts';

/** The ledger entries of a payment, and whether they balance. */
export function PaymentEntries({ payment }: { readonly payment: Payment }) {
  const { data, error } = usePaymentEntries(payment.id, payment.updatedAt);
  const entries = data?.items ?? [];
  return (
    <section>
      <h2>Ledger entries</h2>
      <ProblemAlert error={error} />
      {data && entries.length === 0 && <p>No ledger entries yet. Captures and refunds create them.</p>}
      {entries.length > 0 && (
        <>
          <EntriesTable entries={entries} label="Ledger entries" />
          <p>{balanceText(debitsLessCredits(entries), payment.currency)}</p>
        </>
      )}
    </section>
  );
}

function balanceText(difference: number, currency: string): string {
  if (difference === 0) return 'Balanced: debits equal credits.';
  return `Not balanced: debits and credits differ by ${formatMoney(Math.abs(difference), currency)}.`;
}

function debitsLessCredits(entries: readonly LedgerEntry[]): number {
  return entries.reduce(
    (sum, { direction, amountMinor }) => sum + (direction === 'debit' ? amountMinor : -amountMinor),
    0,
  );
}
