import { setTimeout as sleep } from 'node:timers/promises';

/** Polls until the condition is true. Returns `false` after the timeout. */
export async function until(seconds: number, ask: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (!(await ask())) {
    if (Date.now() > end) return false;
    await sleep(25);
  }
  return true;
}
