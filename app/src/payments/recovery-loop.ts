import { setTimeout as sleep } from 'node:timers/promises';
import type { BackgroundLoop } from '../outbox/outbox-relay.ts';
import { type RecoveryDependencies, recoverStuckOperations } from './recovery.ts';

const intervalMilliseconds = 15_000;
const olderThanSeconds = 10;

/** Runs recovery about every 15 seconds until it is stopped. */
export function startRecovery(dependencies: RecoveryDependencies): BackgroundLoop {
  const stopping = new AbortController();
  const loop = (async () => {
    while (await rest(stopping.signal)) {
      await recoverStuckOperations(dependencies, olderThanSeconds).catch((error: unknown) => {
        dependencies.logger.error({ err: error }, 'recovery failed; retrying');
      });
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

/** Waits 15 seconds on average. Tasks that start together must not run recovery together. Returns `false` when it is stopped. */
async function rest(signal: AbortSignal): Promise<boolean> {
  return sleep(intervalMilliseconds * (0.5 + Math.random()), true, { signal }).catch(() => false);
}
