import type { Acquirer } from '../../src/acquirer/acquirer.ts';
import type { SimulatedAcquirer } from '../../src/acquirer/simulator.ts';
import { changedAcquirer } from './platform.ts';

/** The simulated acquirer behind a gate, which is open at first. While it is shut, new payments wait for their response. */
export class GatedAcquirer {
  #gate = Promise.resolve();

  /** Puts a simulator behind the gate. */
  readonly behind = (simulator: SimulatedAcquirer): Acquirer =>
    changedAcquirer(simulator, {
      authorize: async (request) => {
        await this.#gate;
        return simulator.authorize(request);
      },
    });

  /** Makes the acquirer wait. Returns a function that releases it. */
  shut(): () => void {
    let open: () => void = () => undefined;
    this.#gate = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  }
}
