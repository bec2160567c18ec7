import type { Block, Chain, ChainedRow } from './chain-repository.ts';

/** The first difference between a chain and its rows. Ids and numbers, no business data. */
export interface ChainFinding {
  readonly name: 'row-changed' | 'row-removed' | 'row-inserted' | 'block-changed' | 'block-removed';
  readonly chain: Chain;
  readonly merchantId: string;
  readonly blockNumber?: number;
  readonly rowId?: string;
  /** The finding in one sentence. */
  readonly detail: string;
}

const rowNames: Readonly<Record<Chain, string>> = { entries: 'Ledger entry', audit_entries: 'Audit entry' };

const rowDetails = {
  'row-changed': 'differs from its content when the block was sealed',
  'row-removed': 'was removed',
  'row-inserted': 'was added after the block was sealed',
} as const;

/** A finding about one row of a block. */
export function rowFinding(name: keyof typeof rowDetails, block: Block, rowId: string): ChainFinding {
  const { chain, merchantId, number: blockNumber } = block;
  const detail = `${rowNames[chain]} ${rowId} of block ${blockNumber} of merchant ${merchantId} ${rowDetails[name]}.`;
  return { name, chain, merchantId, blockNumber, rowId, detail };
}

/** A row in the range of sealed blocks whose merchant has no block there. */
export function unsealedRow(chain: Chain, { merchantId, rowId }: ChainedRow): ChainFinding {
  const detail = `${rowNames[chain]} ${rowId} of merchant ${merchantId} is in no block: it was added later, or its block was removed.`;
  return { name: 'row-inserted', chain, merchantId, rowId, detail };
}

/** A block that was changed, or whose predecessor was. */
export function changedBlock({ chain, merchantId, number }: Block, what: string): ChainFinding {
  const detail = `Block ${number} of the ${chain} of merchant ${merchantId} ${what}.`;
  return { name: 'block-changed', chain, merchantId, blockNumber: number, detail };
}

/** A block that is missing before `block`. */
export function missingBlock({ chain, merchantId, number }: Block, what: string): ChainFinding {
  const detail = `Before block ${number} of the ${chain} of merchant ${merchantId}, ${what}.`;
  return { name: 'block-removed', chain, merchantId, blockNumber: number, detail };
}
