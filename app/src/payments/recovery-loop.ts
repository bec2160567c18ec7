import { type BackgroundLoop, startLoop } from '../background-loop.ts';
import { type RecoveryDependencies, recoverStuckOperations } from './recovery.ts';

const intervalMilliseconds = 15_000;
const olderThanSeconds = 10;

/** Runs recovery immediately and then about every 15 seconds, until it is stopped. */
export function startRecovery(dependencies: RecoveryDependencies): BackgroundLoop {
  return startLoop(async () => {
    await recoverStuckOperations(dependencies, olderThanSeconds).catch((error: unknown) => {
      dependencies.logger.error({ err: error }, 'recovery failed; retrying');
    });
    // Tasks that start together must not run recovery together.
    return intervalMilliseconds * (0.5 + Math.random());
  });
}
