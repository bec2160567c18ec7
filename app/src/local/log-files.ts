import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataEntries } from './data-directory.ts';
import { storageError } from './storage-error.ts';

/** A component with a log file. The event consumer runs in the API's process and shares its file. */
export type LogSource = 'edge' | 'api' | 'database';

/** The log of one component since the last start, with mode 600. */
export interface LogFile {
  write(text: string): void;
  /** Rejects when the file cannot be written, such as on a full disk. */
  readonly failed: Promise<never>;
  /** Resolves after everything is written. */
  close(): Promise<void>;
}

/** The path of a component's log file. */
export function logPath(dataDirectory: string, source: LogSource): string {
  return join(dataDirectory, dataEntries.logs, `${source}.log`);
}

/** Opens the log of a component and truncates it. */
export function openLogFile(dataDirectory: string, source: LogSource): LogFile {
  mkdirSync(join(dataDirectory, dataEntries.logs), { recursive: true });
  const path = logPath(dataDirectory, source);
  const stream = createWriteStream(path, { flags: 'w', mode: 0o600 });
  const failed = new Promise<never>((_resolve, reject) => {
    stream.on('error', (error) => {
      reject(storageError(error, path));
    });
  });
  // Callers need not await `failed`: without this handler, its rejection would stop the process.
  failed.catch(() => undefined);
  return {
    failed,
    write: (text) => {
      if (stream.writable) stream.write(text);
    },
    close: () =>
      new Promise((resolve) => {
        stream.end(resolve);
      }),
  };
}
