import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readArguments, UsageError } from '../../conformance/command-line.ts';
import { freePort } from '../../conformance/database-gate.ts';
import { startNode } from '../support/child-process.ts';

const appDirectory = fileURLToPath(new URL('../..', import.meta.url));
const inherited = { PATH: '/bin', COLOUR: 'green' };
let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'conformance-arguments-'));
});
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

test('--url needs only a URL', () => {
  expect(readArguments(['--url', 'https://127.0.0.1:3000'], inherited)).toEqual({
    url: new URL('https://127.0.0.1:3000'),
  });
});

test('splits a command into words and inherits the environment', () => {
  const request = readArguments(['--command', `node --title='two words' "dist/my server.js"`], inherited);
  expect(request).toEqual({
    start: {
      service: { words: ['node', '--title=two words', 'dist/my server.js'], environment: inherited },
      directory: appDirectory,
      startSeconds: 60,
    },
  });
});

test('environment files replace the environment, except for PATH', () => {
  const env = file('service', '# comment\n\nNAME="kept as it is"\r\nEMPTY=\nURL=a=b # c\n');
  const migrateEnv = file('migrate', 'NAME=administrator\nPATH=/other');
  const request = readArguments(
    [
      '--command=serve',
      `--env=${env}`,
      '--migrate=serve migrate.js',
      `--migrate-env=${migrateEnv}`,
      '--start-seconds=5',
    ],
    inherited,
  );
  expect(request).toMatchObject({
    start: {
      service: { environment: { PATH: '/bin', NAME: '"kept as it is"', EMPTY: '', URL: 'a=b # c' } },
      migrate: { words: ['serve', 'migrate.js'], environment: { NAME: 'administrator', PATH: '/other' } },
      startSeconds: 5,
    },
  });
  expect(JSON.stringify(request)).not.toContain('green');
});

test('resolves paths relative to the directory in which npm was called', () => {
  file('relative.env', 'NAME=value');
  mkdirSync(join(scratch, 'directory'));
  const called = { PATH: '/bin', INIT_CWD: scratch };
  expect(readArguments(['--command=serve', '--directory=directory', '--env=relative.env'], called)).toMatchObject({
    start: { directory: join(scratch, 'directory'), service: { environment: { NAME: 'value' } } },
  });
  expect(readArguments(['--command=serve'], called)).toMatchObject({ start: { directory: appDirectory } });
});

describe('refused', () => {
  test.each([
    [[], 'Give one of --url and --command.'],
    [['--url', 'https://127.0.0.1', '--command', 'serve'], 'Give one of --url and --command.'],
    [['--url', 'http://127.0.0.1:3000'], "--url is 'http://127.0.0.1:3000'; use https://HOST:PORT."],
    [['--url', '127.0.0.1:3000'], "--url is '127.0.0.1:3000'; use https://HOST:PORT."],
    [['--url', 'https://127.0.0.1/health'], "--url is 'https://127.0.0.1/health'; leave the path out."],
    [['--url', 'https://127.0.0.1', '--env', 'x'], '--env goes with --command, not with --url.'],
    [['--command', ' '], '--command is empty; name a program.'],
    [['--command', 'serve', '--start-seconds', '0'], "--start-seconds is '0'; use a whole number from 1 to 9999."],
    [['--command', 'serve', '--migrate-env', 'x'], '--migrate-env goes with --migrate.'],
    [['--command', 'serve', '--env', '/nowhere/at/all'], 'The environment file cannot be read: ENOENT'],
    [['--command', 'serve', '--directory', '/nowhere'], "--directory is '/nowhere', where there is no directory."],
    [['--colour'], "Unknown option '--colour'"],
  ])('%j', (args, message) => {
    expect(() => readArguments(args, inherited)).toThrow(UsageError);
    expect(() => readArguments(args, inherited)).toThrow(message);
  });

  test('a malformed line of an environment file, without showing it', () => {
    const env = file('wrong', 'A=1\nMY NAME=secret');
    expect(() => readArguments(['--command', 'serve', '--env', env], inherited)).toThrow(
      `${env} holds a line that is no NAME=VALUE: MY NAME`,
    );
  });
});

describe('the tool', () => {
  test('exits with 2 and the usage for invalid arguments', async () => {
    const tool = startNode(['--import', 'tsx', '../bin/conformance.mts']);
    expect(await tool.ended).toBe(2);
    expect(tool.output.join('\n')).toMatch(/^Give one of --url and --command\.\n\nChecks a container against/);
  });

  test('exits with 1 when the service does not respond, and fails its checks', async () => {
    const url = `https://127.0.0.1:${await freePort()}`;
    const tool = startNode(['--import', 'tsx', '../bin/conformance.mts', '--url', url]);
    expect(await tool.ended).toBe(1);
    expect(tool.output.find((line) => line.startsWith(' 7'))).toMatch(
      /^ 7 {2}failed {9}GET \/health .*: expected an answer; found no answer to GET \/health: .*ECONNREFUSED/,
    );
    expect(tool.output.at(-1)).toBe('0 passed, 8 failed, 19 not checkable');
  });

  test('exits with 1 and the reason when the command cannot be started', async () => {
    const tool = startNode(['--import', 'tsx', '../bin/conformance.mts', '--command', 'no-such-program']);
    expect(await tool.ended).toBe(1);
    expect(tool.output[0]).toMatch(/^ 1 {2}failed .*no-such-program could not be started: .*ENOENT/);
  });
});
