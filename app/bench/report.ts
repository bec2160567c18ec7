import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine } from './machine.ts';

const directory = join(import.meta.dirname, '..', '..', 'bench-results');

/** Writes figures and machine to `bench-results/NAME.json` and prints the path. */
export function writeReport(name: string, figures: object): void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${name}.json`);
  writeFileSync(
    file,
    `${JSON.stringify({ measuredAt: new Date().toISOString(), machine: machine(), ...figures }, undefined, 2)}\n`,
  );
  console.log(`\nWritten to ${file}.`);
}
