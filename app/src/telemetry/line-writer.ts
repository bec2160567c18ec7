import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/**
 * Buffers log lines and writes them to a file descriptor once per event-loop turn. Under load, a write per line would cost as much as the
 * request itself.
 *
 * A process that exits or crashes loses no lines. A killed process loses those of the current turn, some milliseconds. Audit data is
 * committed to the database before it is logged.
 */
export function lineWriter(fileDescriptor = 1): DestinationStream {
  let gathered = '';
  const write = () => {
    const text = Buffer.from(gathered);
    gathered = '';
    writeAll(fileDescriptor, text);
  };
  process.on('exit', write);
  return {
    write(line) {
      if (gathered === '') setImmediate(write);
      gathered += line;
    },
  };
}

/** A full pipe accepts a part of the text, or fails with EAGAIN. This blocks until the reader has caught up. */
function writeAll(fileDescriptor: number, text: Buffer): void {
  for (let written = 0; written < text.length;) {
    try {
      written += writeSync(fileDescriptor, text, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
