import { setTimeout as sleep } from 'node:timers/promises';

const patienceMilliseconds = 25_000;

/**
 * Asks again and again until the answer is yes.
 *
 * @throws with `what` did not happen when it never is
 */
export async function eventually(what: string, ask: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceMilliseconds;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`In ${patienceMilliseconds / 1000} seconds it never came true that ${what}.`);
    await sleep(20);
  }
}
