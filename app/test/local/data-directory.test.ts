import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, parse } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataEntries, openDataDirectory, removeData } from '../../src/local/data-directory.ts';
import { startNode } from '../support/child-process.ts';

let work: string;
let root: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'data-directory-'));
  root = join(work, 'home', 'checkout');
  mkdirSync(join(root, '.git'), { recursive: true });
});
afterEach(() => {
  rmSync(work, { recursive: true, force: true });
});

/** The error message. */
function refusal(path: string): string {
  try {
    openDataDirectory(path, root);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${path} was accepted.`);
}

describe('opens', () => {
  test('a new directory, an empty one, and either again with data', () => {
    for (const path of [join(root, '.local'), join(work, 'a', 'b'), mkdtempSync(join(work, 'empty-'))]) {
      expect(openDataDirectory(path, root)).toBe(path);
      mkdirSync(join(path, dataEntries.postgres));
      expect(openDataDirectory(path, root)).toBe(path);
    }
  });

  test('a symbolic link to a directory, which is the same directory', () => {
    symlinkSync(openDataDirectory(join(work, 'data'), root), join(work, 'link'));
    expect(openDataDirectory(join(work, 'link'), root)).toBe(join(work, 'data'));
  });
});

describe('rejects without a change', () => {
  test.each(['', ' '])('%j', (path) => {
    expect(refusal(path)).toBe('--data-directory is empty. Give it a path, or omit it for the default.');
  });

  test.each([
    ['the checkout', () => root, 'is the checkout.'],
    ['its parent', () => dirname(root), 'is a parent of the checkout'],
    ['its parent by another way', () => join(root, '.git', '..', '..'), 'is a parent of the checkout'],
    ['the root of the file system', () => parse(root).root, 'is a parent of the checkout'],
    ['the home directory', () => homedir(), 'is your home directory.'],
  ])('%s', (_what, path, reason) => {
    expect(refusal(path())).toContain(reason);
    expect(refusal(path())).toContain('Choose a new or empty directory with --data-directory');
    expect(readdirSync(root)).toEqual(['.git']);
  });

  test('a symbolic link to the checkout', () => {
    symlinkSync(root, join(work, 'link'));
    expect(refusal(join(work, 'link'))).toContain('is the checkout.');
  });

  test('the checkout, even with a marker file', () => {
    const marker = readdirSync(openDataDirectory(join(work, 'data'), root))[0] ?? '';
    writeFileSync(join(root, marker), '');
    expect(refusal(root)).toContain('is the checkout.');
  });

  test('a directory with other files', () => {
    writeFileSync(join(mkdtempSync(join(work, 'of-others-')), 'thesis.tex'), '');
    const [path = ''] = readdirSync(work).filter((name) => name.startsWith('of-others-'));
    expect(refusal(join(work, path))).toContain('contains files that the platform did not create, such as thesis.tex.');
    expect(readdirSync(join(work, path))).toEqual(['thesis.tex']);
  });

  test('a file', () => {
    writeFileSync(join(work, 'file'), '');
    expect(refusal(join(work, 'file'))).toContain('is a file, not a directory.');
    expect(refusal(join(work, 'file', 'data'))).toContain('a part of the path is a file.');
  });

  test('a path that the system rejects', () => {
    symlinkSync(join(work, 'loop'), join(work, 'loop'));
    expect(refusal(join(work, 'loop'))).toContain('cannot be written');
    expect(refusal(join(work, 'x'.repeat(300)))).toContain('the path is too long.');
  });
});

test('--fresh removes the files of the platform; other files stay, even behind a symbolic link', () => {
  const directory = openDataDirectory(join(work, 'data'), root);
  for (const entry of Object.values(dataEntries)) mkdirSync(join(directory, entry));
  rmSync(join(directory, dataEntries.documents), { recursive: true });
  mkdirSync(join(work, 'elsewhere', 'invoices'), { recursive: true });
  symlinkSync(join(work, 'elsewhere'), join(directory, dataEntries.documents));
  writeFileSync(join(directory, 'notes.txt'), '');
  removeData(directory);
  expect(readdirSync(directory).sort()).toEqual(['notes.txt', 'payment-platform-local-data']);
  expect(existsSync(join(work, 'elsewhere', 'invoices'))).toBe(true);
});

describe('npm start -- --fresh', () => {
  const start = (directory: string, ...args: readonly string[]) =>
    startNode(
      [
        '--import',
        import.meta.resolve('tsx'),
        join(import.meta.dirname, '../../src/local/start.ts'),
        '--port',
        '0',
        '--fresh',
        ...args,
      ],
      { directory },
    );

  test.each([['--data-directory', ''], ['--data-directory='], ['--data-directory', '.']])(
    'with %j %j does not change the working directory',
    async (...args) => {
      chmodSync(work, 0o755);
      const foreign = join(work, 'foreign');
      mkdirSync(join(foreign, '.git'), { recursive: true });
      const launcher = start(foreign, ...args);
      expect(await launcher.ended).toBe(1);
      expect(launcher.output).toEqual([expect.stringMatching(/^(--data-directory is empty|.* contains files that)/)]);
      expect(readdirSync(foreign)).toEqual(['.git']);
    },
  );
});
