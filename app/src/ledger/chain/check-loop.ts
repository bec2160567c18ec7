import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { type BackgroundLoop, startLoop } from '../../background-loop.ts';
import { connect } from '../../db/transaction.ts';
import type { BusinessMetrics } from '../../telemetry/business-metrics.ts';
import { messageAndCode } from '../../telemetry/error-fields.ts';
import { claimCheck } from './chain-repository.ts';
import { type Verification, verifyChains } from './verify-chain.ts';

export interface LedgerCheckDependencies {
  readonly pool: Pool;
  /** Serves the queries of the verification. Replication lag does not matter. */
  readonly readPool: Pool;
  readonly metrics: Pick<BusinessMetrics, 'ledgerChecked'>;
  readonly logger: Logger;
  /** @default 20 hours, so that every day has a check */
  readonly periodMilliseconds?: number;
  /** How often the task looks whether a check is due. @default ten minutes */
  readonly intervalMilliseconds?: number;
}

/** Verifies the chains once in each period, by one of the tasks. A finding is counted, so that an alarm fires, and logged. */
export function startLedgerChecks(dependencies: LedgerCheckDependencies): BackgroundLoop {
  const { pool, readPool, metrics, logger } = dependencies;
  const { periodMilliseconds = 72_000_000, intervalMilliseconds = 600_000 } = dependencies;
  return startLoop(async (stopping) => {
    try {
      if (await claimCheck(pool, periodMilliseconds / 1000)) {
        const { blocks, rows, findings } = await verifyBy(readPool, stopping);
        for (const finding of findings) logger.error(finding, 'the ledger was altered');
        if (!stopping.aborted || findings.length > 0) metrics.ledgerChecked(findings.length);
        logger.info({ blocks, rows, complete: !stopping.aborted }, 'ledger checked');
      }
    } catch (error) {
      const { message: reason, code } = messageAndCode(error);
      logger.error({ code, reason }, 'the ledger could not be checked');
    }
    return intervalMilliseconds;
  });
}

/** Verifies the chains on one connection. Two connections may reach two readers, one of which lacks rows that the other has. */
async function verifyBy(pool: Pool, stopping: AbortSignal): Promise<Verification> {
  const client = await connect(pool);
  try {
    return await verifyChains(client, stopping);
  } finally {
    client.release();
  }
}
