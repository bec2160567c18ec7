import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataEntries } from './data-directory.ts';
import { storageError } from './storage-error.ts';

/** A part of the local platform that logs; the consumer's lines are among the API's, whose process it shares. */
export type LoggingPart = 'edge' | 'api' | 'database';

/** The log of one part: a file for its owner alone, with what was logged since the last start. */
export interface LogFile {
  write(text: string): void;
  /** Rejects when the file cannot be written, such as on a full disk. */
  readonly failed: Promise<never>;
  /** Resolves when everything is on the disk. */
  close(): Promise<void>;
}

/** Where a part of the platform logs. */
export function logPath(dataDirectory: string, part: LoggingPart): string {
  return join(dataDirectory, dataEntries.logs, `${part}.log`);
}

/** Begins the log of a part anew. */
export function openLogFile(dataDirectory: string, part: LoggingPart): LogFile {
  mkdirSync(join(dataDirectory, dataEntries.logs), { recursive: true });
  const path = logPath(dataDirectory, part);
  const stream = createWriteStream(path, { flags: 'w', mode: 0o600 });
  const failed = new Promise<never>((_resolve, reject) => {
    stream.on('error', (error) => {
      reject(storageError(error, path));
    });
  });
  // Whoever waits for it sees it; nobody has to.
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
