import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is yes; `false` when it was not for so many seconds. */
export async function until(seconds: number, ask: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (!(await ask())) {
    if (Date.now() > end) return false;
    await sleep(25);
  }
  return true;
}
