import { clientConfigOf } from './db/pool.ts';
import { withConnection } from './db/with-connection.ts';
import { readProcessEnvironment } from './environment.ts';
import { verifyChains } from './ledger/chain/verify-chain.ts';
import { createLogger } from './telemetry/logger.ts';

/*
 * Entry point of a verification that an operator starts. It compares the ledger with its chains, with the login of the API, and exits with 0
 * if nothing was altered, or with 1 and the findings.
 */

const environment = readProcessEnvironment();
const logger = createLogger(environment.logLevel, environment.environmentName);
try {
  const { blocks, rows, findings } = await withConnection(
    clientConfigOf(environment.database, 'verify-ledger'),
    (client) => verifyChains(client),
  );
  for (const finding of findings) logger.error(finding, 'the ledger was altered');
  logger.info({ blocks, rows, findings: findings.length }, 'ledger checked');
  if (findings.length > 0) process.exitCode = 1;
} catch (error) {
  logger.fatal({ err: error }, 'the ledger could not be checked');
  process.exitCode = 1;
}
