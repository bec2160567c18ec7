import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/**
 * Writes lines to a file descriptor at the end of each turn of the event loop, all of that turn at once: under load a write for each line
 * costs as much as the request that it tells of.
 *
 * Nothing is lost when the process ends by itself, however it does; one that is killed loses the lines of the turn that it was in, some
 * milliseconds. What an audit needs stands in the database before it is logged.
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

/** A pipe that is full takes a part, or nothing for the moment; whoever reads it decides how fast we go on. */
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
