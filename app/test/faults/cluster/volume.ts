import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const size = '320m';
const piece = Buffer.alloc(1024 * 1024);

/** The volume of the database. */
export interface Volume {
  readonly directory: string;
  /** Fills the volume; `undefined` if no volume can be mounted, so as not to fill the disk of the machine. */
  readonly fill?: () => void;
  /** Frees the space. */
  readonly empty: () => void;
  readonly remove: () => void;
}

/** Creates a small tmpfs, or a plain directory if mounting is not permitted. */
export function makeVolume(directory: string): Volume {
  mkdirSync(directory, { recursive: true });
  const ballast = join(directory, 'ballast');
  const empty = () => {
    rmSync(ballast, { force: true });
  };
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0755`, 'tmpfs', directory]).status === 0;
  if (!mounted) return { directory, empty, remove: () => undefined };
  return {
    directory,
    fill: () => {
      fill(ballast);
    },
    empty,
    remove: () => {
      spawnSync('umount', ['--lazy', directory]);
    },
  };
}

function fill(file: string): void {
  const descriptor = openSync(file, 'a');
  try {
    // A chunk that does not fit is written partially; smaller ones follow, to the last byte.
    for (let bytes = piece.length; bytes >= 1; bytes = Math.floor(bytes / 2)) {
      try {
        for (;;) writeSync(descriptor, piece, 0, bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(descriptor);
  }
}
