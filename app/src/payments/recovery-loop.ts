import { setTimeout as sleep } from 'node:timers/promises';
import type { BackgroundLoop } from '../outbox/outbox-relay.ts';
import { type RecoveryDependencies, recoverStuckOperations } from './recovery.ts';

const intervalMilliseconds = 15_000;
const olderThanSeconds = 10;

/** Looks for operations that stopped half-way, every 15 seconds or so, until it is stopped. */
export function startRecovery(dependencies: RecoveryDependencies): BackgroundLoop {
  const stopping = new AbortController();
  const loop = (async () => {
    while (await rest(stopping.signal)) {
      await recoverStuckOperations(dependencies, olderThanSeconds).catch((error: unknown) => {
        dependencies.logger.error({ err: error }, 'stuck operations could not be looked for');
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

/** Tasks start together; they should not look together. Returns `false` when it was ended. */
async function rest(signal: AbortSignal): Promise<boolean> {
  return sleep(intervalMilliseconds * (0.5 + Math.random()), true, { signal }).catch(() => false);
}
