import type { Logger } from 'pino';
import { type BackgroundLoop, startLoop } from '../background-loop.ts';
import { messageAndCode } from '../telemetry/error-fields.ts';
import type { Credentials } from './credentials.ts';

const minute = 60_000;

/** Stores once a minute when API keys and sessions of persons were last used, so that no request waits for it. */
export function startRecordingKeyUses(credentials: Credentials, logger: Logger): BackgroundLoop {
  return startLoop(async () => {
    try {
      await credentials.recordUses();
    } catch (error) {
      const { message: reason, code } = messageAndCode(error);
      logger.warn({ code, reason }, 'the last use of API keys and sessions was not stored');
    }
    return minute;
  });
}
