import { createHash } from 'node:crypto';
import type { Block } from './chain-repository.ts';

/** Computes the digest of a block from its other columns, as `seal_blocks` does. */
export function digestOfBlock(block: Block): Buffer {
  const { chain, merchantId, number, after, until, rowCount, rowDigests, previousDigest, sealedAt } = block;
  const header = [
    chain,
    merchantId,
    String(number),
    String(after.transaction),
    after.rowId,
    String(until.transaction),
    until.rowId,
    String(rowCount),
    previousDigest?.toString('hex') ?? null,
    sealedAt,
  ];
  return createHash('sha256').update(JSON.stringify(header)).update(rowDigests).digest();
}

/** A row as it was when its block was sealed. */
export interface SealedRow {
  readonly rowId: string;
  readonly digest: Buffer;
}

const idBytes = 16;
const rowBytes = idBytes + 32;

/** The rows of a block, in order. */
export function sealedRows({ rowDigests }: Block): SealedRow[] {
  return Array.from({ length: rowDigests.length / rowBytes }, (_, index) => {
    const row = rowDigests.subarray(index * rowBytes, (index + 1) * rowBytes);
    return { rowId: uuidOf(row.subarray(0, idBytes)), digest: row.subarray(idBytes) };
  });
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
