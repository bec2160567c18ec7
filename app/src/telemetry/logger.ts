import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { errorFields } from './error-fields.ts';
import { redactSecrets } from './secret-fields.ts';

/**
 * Creates a JSON logger that redacts secrets.
 *
 * @param destination by default standard output, written synchronously because Lambda may freeze the process at any time
 */
export function createLogger(
  level: string,
  environmentName: string,
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: { environment: environmentName },
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactSecrets, bindings: redactSecrets },
      serializers: { err: errorFields },
    },
    destination,
  );
}
