import type { LedgerEntry } from '@payment-platform/app/api-types';
import { type Column, DataTable } from './data-table.tsx';
import { Time } from './time.tsx';
import { formatMoney } from '../lib/money.ts';

/** The display names of the ledger accounts. */
export const accountLabels: Readonly<Record<LedgerEntry['account'], string>> = {
  acquirer_receivable: 'Receivable from the acquirer',
  merchant_payable: 'Payable to the merchant',
};

const amountIf = (wanted: LedgerEntry['direction']) => (entry: LedgerEntry) =>
  entry.direction === wanted && formatMoney(entry.amountMinor, entry.currency);

const columns: readonly Column<LedgerEntry>[] = [
  { title: 'Time', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { title: 'Account', cell: ({ account }) => accountLabels[account] },
  { title: 'Debit', isNumber: true, cell: amountIf('debit') },
  { title: 'Credit', isNumber: true, cell: amountIf('credit') },
];

/** Ledger entries with a debit and a credit column. */
export function EntriesTable({ entries, label }: { readonly entries: readonly LedgerEntry[]; readonly label: string }) {
  return <DataTable label={label} columns={columns} rows={entries} keyOf={({ id }) => id} />;
}
