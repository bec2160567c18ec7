import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const sources = join(import.meta.dirname, '..', 'src');
const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));

/** The source files that each file imports, including type imports. */
const imports = new Map(
  files.map((path) => {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(sources, path), 'utf8'));
    const ours = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
    return [path, ours.map((name) => normalize(join(dirname(path), name)))];
  }),
);

/** The files of the first cycle that is reachable from `path`. */
function circleFrom(path: string, trail: readonly string[], done: Set<string>): readonly string[] | undefined {
  const start = trail.indexOf(path);
  if (start >= 0) return [...trail.slice(start), path];
  if (done.has(path)) return undefined;
  for (const next of imports.get(path) ?? []) {
    const circle = circleFrom(next, [...trail, path], done);
    if (circle) return circle;
  }
  done.add(path);
  return undefined;
}

test('the sources have no import cycles', () => {
  const done = new Set<string>();
  expect(files.length).toBeGreaterThan(100);
  expect(files.map((path) => circleFrom(path, [], done)).find((circle) => circle !== undefined)).toBeUndefined();
});
