import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withConnection } from '../db/with-connection.ts';
import { type Verification, verifyChains } from '../ledger/chain/verify-chain.ts';
import { dataEntries } from './data-directory.ts';

/**
 * Verifies the ledger of the local platform that runs on this data directory.
 *
 * @throws with a remedy when no platform runs on it
 */
export async function verifyLocalLedger(dataDirectory: string): Promise<Verification> {
  const pidFile = join(dataDirectory, dataEntries.postgres, 'data', 'postmaster.pid');
  if (!existsSync(pidFile))
    throw new Error(`No platform runs on ${dataDirectory}. Run 'npm start' first, or pass its --data-directory.`);
  // The fourth line is the port.
  const port = Number(readFileSync(pidFile, 'utf8').split('\n')[3]);
  const password = readFileSync(join(dataDirectory, dataEntries.apiPassword), 'utf8');
  return withConnection({ host: '127.0.0.1', port, user: 'payments_api', password, database: 'payments' }, (client) =>
    verifyChains(client),
  );
}
