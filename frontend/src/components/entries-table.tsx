import type { LedgerEntryView } from '@payment-platform/app/contract';
import { DataTable } from './data-table.tsx';
import { formatTime } from '../lib/dates.ts';
import { formatMoney } from '../lib/money.ts';

/** The display names of the ledger accounts. */
export const accountLabels: Readonly<Record<LedgerEntryView['account'], string>> = {
  acquirer_receivable: 'Receivable from the acquirer',
  merchant_payable: 'Payable to the merchant',
};

const columns = [
  { title: 'Time' },
  { title: 'Account' },
  { title: 'Debit', isNumber: true },
  { title: 'Credit', isNumber: true },
];

/** Ledger entries with a debit and a credit column. */
export function EntriesTable({
  entries,
  label,
}: {
  readonly entries: readonly LedgerEntryView[];
  readonly label: string;
}) {
  return (
    <DataTable label={label} columns={columns}>
      <tbody>
        {entries.map(({ id, createdAt, account, direction, amountMinor, currency }) => (
          <tr key={id}>
            <td>{formatTime(createdAt)}</td>
            <td>{accountLabels[account]}</td>
            <td className="number">{direction === 'debit' && formatMoney(amountMinor, currency)}</td>
            <td className="number">{direction === 'credit' && formatMoney(amountMinor, currency)}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
