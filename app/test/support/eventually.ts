import { setTimeout as sleep } from 'node:timers/promises';

/** How long tests wait for what happens in the background: long enough for a busy machine. */
export const patienceMilliseconds = 60_000;

/**
 * Polls `ask` until it returns true.
 *
 * @throws with `what` after a timeout
 */
export async function eventually(what: string, ask: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceMilliseconds;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`In ${patienceMilliseconds / 1000} seconds it never came true that ${what}.`);
    await sleep(20);
  }
}
