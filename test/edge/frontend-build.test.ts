import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { builtFrontend } from '../../lib/edge/frontend-build';

jest.mock('node:child_process', () => ({ ...jest.requireActual<object>('node:child_process'), spawnSync: jest.fn() }));

const dist = join(__dirname, '../../frontend/dist');
const stamp = `${dist}.fingerprint`;
const build = jest.mocked(spawnSync);
let stamps: string[];

/** A console whose last build had the sources of `fingerprint`. */
function builtWith(fingerprint: string): void {
  jest.spyOn(fs, 'existsSync').mockReturnValue(true);
  jest.spyOn(fs, 'readFileSync').mockImplementation((path) => (path === stamp ? fingerprint : ''));
}

beforeEach(() => {
  stamps = [];
  jest
    .spyOn(FileSystem, 'fingerprint')
    .mockReturnValueOnce('console')
    .mockReturnValueOnce('currencies')
    .mockReturnValue('problems');
  jest.spyOn(fs, 'writeFileSync').mockImplementation((path, text) => {
    if (path === stamp) stamps.push(text as string);
  });
  build.mockReset().mockReturnValue({ status: 0, stdout: '', stderr: '' } as ReturnType<typeof spawnSync>);
});

afterEach(() => {
  jest.restoreAllMocks();
});

test('keeps a build of the same sources', () => {
  builtWith('console currencies problems problems');
  expect(builtFrontend()).toBe(dist);
  expect(build).not.toHaveBeenCalled();
});

test('builds after a change, and records the sources', () => {
  builtWith('console other-currencies problems problems');
  expect(builtFrontend()).toBe(dist);
  expect(build).toHaveBeenCalledTimes(1);
  expect(stamps).toEqual(['console currencies problems problems']);
});

test('builds without an earlier build', () => {
  jest.spyOn(fs, 'existsSync').mockReturnValue(false);
  builtFrontend();
  expect(build).toHaveBeenCalledTimes(1);
});

test('reports a failed build with its output, and records nothing', () => {
  builtWith('old');
  build.mockReturnValue({ status: 1, stdout: '', stderr: 'cannot find vite' } as ReturnType<typeof spawnSync>);
  expect(builtFrontend).toThrow(/could not be built\. Run 'npm run build --workspace frontend' .*\ncannot find vite/);
  expect(stamps).toEqual([]);
});
