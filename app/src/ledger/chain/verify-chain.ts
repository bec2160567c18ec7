import type { ClientBase } from 'pg';
import { digestOfBlock, sealedRows } from './block-digest.ts';
import { type ChainFinding, changedBlock, missingBlock, rowFinding, unsealedRow } from './chain-finding.ts';
import {
  beginning,
  type Block,
  type Chain,
  type ChainedRow,
  type ChainPosition,
  chains,
  listBlocks,
} from './chain-repository.ts';
import { RowReader } from './row-reader.ts';

/** The result of a verification: how much was compared, and the first finding of each chain that has one. */
export interface Verification {
  readonly blocks: number;
  readonly rows: number;
  readonly findings: readonly ChainFinding[];
}

/** A block holds the digests of up to some thousand rows, 48 bytes each. */
const blocksPerQuery = 20;

/**
 * Compares every sealed block with the rows it covers, and the blocks with each other. Memory does not grow with the ledger, only with the
 * number of merchants, of each of whom one digest is kept.
 * Rows that are not sealed yet are not compared.
 *
 * @param stopping ends the verification between two queries; the result then covers what was compared so far
 */
export async function verifyChains(database: ClientBase, stopping?: AbortSignal): Promise<Verification> {
  const findings: ChainFinding[] = [];
  let blocks = 0;
  let rows = 0;
  for (const chain of chains) {
    const verifier = new ChainVerifier(chain);
    for (;;) {
      const finding = await verifier.next(database);
      if (finding) findings.push(finding);
      if (finding || verifier.ended || stopping?.aborted) break;
    }
    blocks += verifier.blocks;
    rows += verifier.rows;
  }
  return { blocks, rows, findings };
}

/** The last block of a merchant that was verified. */
type Head = Pick<Block, 'number' | 'digest'>;

/** Verifies one chain from its beginning. */
class ChainVerifier {
  blocks = 0;
  rows = 0;
  ended = false;
  readonly #chain: Chain;
  readonly #heads = new Map<string, Head>();
  #position: ChainPosition = beginning;

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  /** Verifies the next blocks. Returns the first finding. */
  async next(database: ClientBase): Promise<ChainFinding | undefined> {
    // The blocks are read first: what they cover is final, whatever is written meanwhile.
    const blocks = await listBlocks(database, this.#chain, this.#position, blocksPerQuery);
    const last = blocks.at(-1);
    this.ended = last === undefined;
    if (!last) return undefined;
    const reader = new RowReader(database, this.#chain, this.#position, last.until);
    for (const run of runsOf(blocks)) {
      const finding = this.#brokenLink(run) ?? alteredRow(this.#chain, run, await reader.upTo(run[0].until));
      if (finding) return finding;
      for (const { merchantId, number, digest } of run) this.#heads.set(merchantId, { number, digest });
      this.#position = run[0].until;
      this.blocks += run.length;
      this.rows += run.reduce((total, { rowCount }) => total + rowCount, 0);
    }
    return undefined;
  }

  /** Compares blocks with their own digests and with the blocks before them. */
  #brokenLink(run: Run): ChainFinding | undefined {
    for (const block of run) {
      if (!digestOfBlock(block).equals(block.digest))
        return changedBlock(block, 'does not have the digest of its content');
      const { number, digest } = this.#heads.get(block.merchantId) ?? { number: 0, digest: null };
      if (block.number !== number + 1) return missingBlock(block, `block ${number + 1} is missing`);
      if (block.previousDigest?.toString('hex') !== digest?.toString('hex'))
        return changedBlock(block, `does not continue block ${number}, so one of them was replaced`);
      if (block.after.transaction !== this.#position.transaction || block.after.rowId !== this.#position.rowId)
        return missingBlock(block, 'blocks of the same or of other merchants are missing');
    }
    return undefined;
  }
}

/** Blocks that were sealed together: they have the same range, and different merchants. */
type Run = readonly [Block, ...Block[]];

function runsOf(blocks: readonly Block[]): Run[] {
  const runs: [Block, ...Block[]][] = [];
  for (const block of blocks) {
    const run = runs.at(-1);
    const { transaction, rowId } = run?.[0].until ?? beginning;
    if (run && block.until.transaction === transaction && block.until.rowId === rowId) run.push(block);
    else runs.push([block]);
  }
  return runs;
}

/** Compares the rows of a range with its blocks. */
function alteredRow(chain: Chain, run: Run, rows: readonly ChainedRow[]): ChainFinding | undefined {
  const rowsOf = new Map(run.map(({ merchantId }) => [merchantId, [] as ChainedRow[]]));
  let unsealed: ChainedRow | undefined;
  for (const row of rows) {
    const known = rowsOf.get(row.merchantId);
    if (known) known.push(row);
    else unsealed ??= row;
  }
  for (const block of run) {
    const finding = alteredRowOf(block, rowsOf.get(block.merchantId) ?? []);
    if (finding) return finding;
  }
  return unsealed && unsealedRow(chain, unsealed);
}

function alteredRowOf(block: Block, rows: readonly ChainedRow[]): ChainFinding | undefined {
  const sealed = sealedRows(block);
  for (let index = 0; index < Math.max(sealed.length, rows.length); index += 1) {
    const [then, now] = [sealed[index], rows[index]];
    if (then && now?.rowId === then.rowId) {
      if (!now.digest.equals(then.digest)) return rowFinding('row-changed', block, then.rowId);
    } else if (then && !rows.some(({ rowId }) => rowId === then.rowId)) {
      return rowFinding('row-removed', block, then.rowId);
    } else if (now && !sealed.some(({ rowId }) => rowId === now.rowId)) {
      return rowFinding('row-inserted', block, now.rowId);
    } else if (then) {
      // Both are here, in another order: the transaction of one was changed.
      return rowFinding('row-changed', block, then.rowId);
    }
  }
  return undefined;
}
