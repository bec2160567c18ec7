import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reasonOf } from './client.ts';
import type { StartSettings } from './launcher.ts';

/** The usage text. */
export const usage = `Checks a container against app/CONTAINER-CONTRACT.md.

  npm run conformance -- --url https://HOST:PORT
      what can be seen of a service that runs already

  npm run conformance -- --command "node dist/server.js" [options]
      every clause: starts the command (without a shell), reads its log, takes its database away, stops it

  --env FILE            its environment, as NAME=VALUE lines like those of docker's --env-file; default: that of this process
  --directory DIR       where it is started; default: app/
  --start-seconds N     how long it may take to listen; default: 60
  --migrate COMMAND     what migrate.js as first argument runs; CHANGES THE DATABASE that its environment names
  --migrate-env FILE    the environment of that; default: the service's
  --health-check COMMAND  what runs in the container to ask for its health

Ends with 0 when no clause failed, with 1 when one did, and with 2 when it was called wrongly.`;

/** The directory of the API's own bundle. */
const ownDirectory = fileURLToPath(new URL('..', import.meta.url));

/** An error in the arguments. */
export class UsageError extends Error {}

/** The parsed arguments. */
export type Request = { readonly url: URL } | { readonly start: StartSettings };

const text = { type: 'string' } as const;
const options = {
  url: text,
  command: text,
  env: text,
  directory: text,
  'start-seconds': text,
  migrate: text,
  'migrate-env': text,
  'health-check': text,
};

/** Parses the arguments. @throws UsageError */
export function readArguments(args: readonly string[], inherited: NodeJS.ProcessEnv): Request {
  const { url, command, ...rest } = valuesOf(args);
  if ((url === undefined) === (command === undefined)) throw new UsageError('Give one of --url and --command.');
  if (url !== undefined) {
    const [surplus] = Object.keys(rest);
    if (surplus !== undefined) throw new UsageError(`--${surplus} goes with --command, not with --url.`);
    return { url: addressOf(url) };
  }
  if (rest['migrate-env'] !== undefined && rest.migrate === undefined)
    throw new UsageError('--migrate-env goes with --migrate.');
  // npm runs scripts in the package directory; INIT_CWD is the directory of the caller.
  const path = (given: string) => resolve(inherited['INIT_CWD'] ?? '.', given);
  const directory = rest.directory === undefined ? ownDirectory : path(rest.directory);
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`--directory is '${directory}', where there is no directory.`);
  const environment =
    rest.env === undefined ? definedOf(inherited) : withPath(readVariables(path(rest.env)), inherited);
  const migrateEnvironment =
    rest['migrate-env'] === undefined ? environment : withPath(readVariables(path(rest['migrate-env'])), inherited);
  return {
    start: {
      service: { words: wordsOf('command', command), environment },
      directory,
      startSeconds: secondsOf(rest['start-seconds'] ?? '60'),
      ...(rest.migrate !== undefined && {
        migrate: { words: wordsOf('migrate', rest.migrate), environment: migrateEnvironment },
      }),
      ...(rest['health-check'] !== undefined && { healthCheck: wordsOf('health-check', rest['health-check']) }),
    },
  };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(reasonOf(error));
  }
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') throw new UsageError(`--url is '${text}'; use https://HOST:PORT.`);
  if (url.pathname !== '/' || url.search !== '') throw new UsageError(`--url is '${text}'; leave the path out.`);
  return url;
}

function secondsOf(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new UsageError(`--start-seconds is '${text}'; use a whole number from 1 to 9999.`);
  return Number(text);
}

/** Splits a command at unquoted spaces. Other shell syntax is not supported. */
function wordsOf(option: string, line: string | undefined): readonly string[] {
  const words = (line ?? '').match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  const [program] = words;
  if (program === undefined) throw new UsageError(`--${option} is empty; name a program.`);
  return words.map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
  );
}

function readVariables(file: string): Record<string, string> {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The environment file cannot be read: ${reasonOf(error)}`);
  }
  const lines = content.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^\s*([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined)
        throw new UsageError(`${file} holds a line that is no NAME=VALUE: ${line.split('=')[0] ?? ''}`);
      return [name, value];
    }),
  );
}

/** The inherited PATH. */
function withPath(variables: Record<string, string>, { PATH }: NodeJS.ProcessEnv): Record<string, string> {
  return { ...(PATH !== undefined && { PATH }), ...variables };
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
