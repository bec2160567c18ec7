import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const root = join(__dirname, '..', '..');
const impatience = pathToFileURL(join(__dirname, 'impatient-cli.mjs')).href;
const cdk = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');

/** The exit code and the output of a command. */
export interface Ended {
  readonly status: number;
  readonly output: string;
}

/** Runs npm scripts and the CDK CLI against the emulator. */
export class Cli {
  readonly #environment: Readonly<Record<string, string>>;

  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment;
  }

  /** `npx cdk …` */
  async cdk(...args: readonly string[]): Promise<Ended> {
    return this.#run([cdk, '--ci', ...args]);
  }

  /** `cdk …` in a folder without an app, where the CLI has none to run. */
  async cdkWithoutApp(folder: string, ...args: readonly string[]): Promise<Ended> {
    return this.#run([cdk, '--ci', ...args], folder);
  }

  /** A TypeScript file of ours. */
  async script(path: string, ...args: readonly string[]): Promise<Ended> {
    return this.#run(['--import', 'tsx', path, ...args]);
  }

  async #run(args: readonly string[], cwd = root): Promise<Ended> {
    const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...own } = process.env;
    // CDK's validation of the templates belongs to the stage `synthesis`; it takes a third of each synthesis.
    const faster = { NODE_OPTIONS: `--import=${impatience}`, CDK_VALIDATION: 'false' };
    const env = { ...own, ...this.#environment, ...faster };
    const child = spawn(process.execPath, args, { cwd, env });
    const ended = once(child, 'exit');
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { status: child.exitCode ?? 1, output: `${output}${errors}` };
  }
}

/** The output of a command that must succeed. @throws with the lines that explain the failure */
export function succeeded({ status, output }: Ended): string {
  if (status === 0) return output;
  const lines = output.split('\n');
  const telling = lines.filter((line) => /FAILED|❌|Error/.test(line));
  throw new Error([`ended with ${status}`, ...new Set(telling.slice(0, 15)), '…', ...lines.slice(-15)].join('\n'));
}
