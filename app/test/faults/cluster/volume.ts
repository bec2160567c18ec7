import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const size = '320m';
const piece = Buffer.alloc(1024 * 1024);

/** Where the database keeps its data. */
export interface Volume {
  readonly directory: string;
  /** Leaves no byte on it; absent where the machine lets us mount nothing, since its own disk is not ours to fill. */
  readonly fill?: () => void;
  /** Makes room again. */
  readonly empty: () => void;
  readonly remove: () => void;
}

/** A small volume in memory, or a plain folder where nothing may be mounted. */
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
    // A piece that no longer fits is written in part; then smaller ones, to the last byte.
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
