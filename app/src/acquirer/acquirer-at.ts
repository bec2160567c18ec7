import type { Logger } from 'pino';
import type { Acquirer } from './acquirer.ts';
import { HttpAcquirer } from './http-acquirer.ts';
import { SimulatedAcquirer } from './simulator.ts';

/** The acquirer at an address, or the simulated one where there is none. */
export function acquirerAt(url: string | undefined, logger: Logger): Acquirer {
  return url === undefined ? new SimulatedAcquirer() : new HttpAcquirer({ url, logger });
}
