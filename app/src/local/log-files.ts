import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataEntries } from './data-directory.ts';

/** A part of the local platform that logs; the consumer's lines are among the API's, whose process it shares. */
export type LoggingPart = 'edge' | 'api' | 'database';

/** The log of one part: a file for its owner alone, with what was logged since the last start. */
export interface LogFile {
  write(text: string): void;
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
  const stream = createWriteStream(logPath(dataDirectory, part), { flags: 'w', mode: 0o600 });
  return {
    write: (text) => void stream.write(text),
    close: () =>
      new Promise((resolve) => {
        stream.end(resolve);
      }),
  };
}
