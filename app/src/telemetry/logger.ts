import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { errorFields } from './error-fields.ts';
import { withoutSecrets } from './secret-fields.ts';

/** @param destination standard output unless told otherwise, each line written at once: a function may be frozen in the next moment */
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
      formatters: { level: (label) => ({ level: label }), log: withoutSecrets, bindings: withoutSecrets },
      serializers: { err: errorFields },
    },
    destination,
  );
}
