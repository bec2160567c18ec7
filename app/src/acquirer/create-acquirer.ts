import type { Logger } from 'pino';
import type { Acquirer } from './acquirer.ts';
import { HttpAcquirer } from './http-acquirer.ts';
import { SimulatedAcquirer } from './simulator.ts';

/** Creates a client for the acquirer at `url`, or a simulated acquirer if there is no URL. */
export function createAcquirer(url: string | undefined, logger: Logger): Acquirer {
  return url === undefined ? new SimulatedAcquirer() : new HttpAcquirer({ url, logger });
}
