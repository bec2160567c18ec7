/** What the acquirer owes the platform, and what the platform owes the merchant. */
export const accounts = ['acquirer_receivable', 'merchant_payable'] as const;
export type Account = (typeof accounts)[number];

/** One side of a posting. A debit is positive, a credit negative, in minor units. */
export interface PostingEntry {
  readonly account: Account;
  readonly amountMinor: number;
}

/** A movement of money. Its entries sum to zero; the database refuses any other. */
export interface Posting {
  readonly kind: 'capture' | 'refund';
  readonly entries: readonly PostingEntry[];
}

/** A capture: the acquirer owes the platform the amount, and the platform owes it to the merchant. */
export function capturePosting(amountMinor: number): Posting {
  return {
    kind: 'capture',
    entries: [debit('acquirer_receivable', amountMinor), credit('merchant_payable', amountMinor)],
  };
}

/** A refund: both debts decrease by the amount. */
export function refundPosting(amountMinor: number): Posting {
  return {
    kind: 'refund',
    entries: [debit('merchant_payable', amountMinor), credit('acquirer_receivable', amountMinor)],
  };
}

function debit(account: Account, amountMinor: number): PostingEntry {
  return { account, amountMinor };
}

function credit(account: Account, amountMinor: number): PostingEntry {
  return { account, amountMinor: -amountMinor };
}
