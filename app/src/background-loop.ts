import { setTimeout as sleep } from 'node:timers/promises';

/** A background loop. */
export interface BackgroundLoop {
  /** Ends the loop after its current iteration; resolves then. */
  stop(): Promise<void>;
}

/**
 * Repeats `work` until it is stopped.
 *
 * @param work one iteration. It must not throw. It returns the pause before the next one, in milliseconds.
 */
export function startLoop(work: (stopping: AbortSignal) => Promise<number>): BackgroundLoop {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = (async () => {
    while (!signal.aborted) {
      const pause = await work(signal);
      if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
