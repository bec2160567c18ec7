import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

/** Fields that never reach a log, wherever an object that holds them is logged. */
const secretFields = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'connectionString',
  'apiKey',
  'token',
  'paymentToken',
  'body',
];

/** @param destination standard output unless told otherwise, written at once: what a killed process has logged is there */
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
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretFields.flatMap((field) => ['', '*', '*.*'].map((place) => `${place}["${field}"]`)),
        censor: '[redacted]',
      },
    },
    destination,
  );
}
