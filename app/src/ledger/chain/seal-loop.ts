import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { type BackgroundLoop, startLoop } from '../../background-loop.ts';
import { messageAndCode } from '../../telemetry/error-fields.ts';
import { chains, sealBlocks } from './chain-repository.ts';

export interface SealingDependencies {
  readonly pool: Pool;
  readonly logger: Logger;
  /** The pause between two blocks of a merchant. @default 60,000 */
  readonly intervalMilliseconds?: number;
  /** The largest number of rows that are sealed together. @default 5,000 */
  readonly rowsPerRun?: number;
}

/** Seals new ledger entries and audit entries into blocks at an interval, off the path of requests. Any number of tasks may do so. */
export function startSealing(dependencies: SealingDependencies): BackgroundLoop {
  const { pool, logger, intervalMilliseconds = 60_000, rowsPerRun = 5000 } = dependencies;
  // Each task wakes at its own time. Together they would otherwise seal many small blocks.
  const pauseSeconds = (0.8 * intervalMilliseconds) / 1000;
  return startLoop(async (stopping) => {
    try {
      for (const chain of chains) {
        let sealed = await sealBlocks(pool, chain, rowsPerRun, pauseSeconds);
        while (sealed === rowsPerRun && !stopping.aborted) sealed = await sealBlocks(pool, chain, rowsPerRun, 0);
      }
    } catch (error) {
      const { message: reason, code } = messageAndCode(error);
      logger.error({ code, reason }, 'new ledger entries were not sealed');
    }
    return intervalMilliseconds;
  });
}
