import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cli, type Ended, succeeded } from './cli';

/** A cloud assembly, synthesized once and deployed as often as it is needed. */
export interface Assembly {
  readonly folder: string;
}

/** The tests of a run against what is deployed, by title: what each says when it fails. */
export interface IntegrationResults {
  readonly passed: readonly string[];
  readonly skipped: readonly string[];
  readonly failed: ReadonlyMap<string, string>;
}

interface JestReport {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** The commands of the README for one environment. */
export class Deployments {
  readonly #cli: Cli;
  readonly #folder: string;

  /** @param folder where cloud assemblies and outputs go */
  constructor(cli: Cli, folder: string) {
    this.#cli = cli;
    this.#folder = folder;
  }

  async synthesize(name: string, context: Readonly<Record<string, string>>): Promise<Assembly> {
    const folder = join(this.#folder, name);
    const values = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    succeeded(await this.#cli.cdk('synth', '--quiet', ...values, '--output', folder));
    return { folder };
  }

  /** `npm run deploy` */
  async deploy({ folder }: Assembly): Promise<Ended> {
    return this.#cli.script('bin/deploy.ts', '--app', folder, '--progress', 'events', '--ci');
  }

  /** `npx cdk destroy --all` */
  async destroy({ folder }: Assembly): Promise<Ended> {
    return this.#cli.cdk('destroy', '--all', '--force', '--app', folder);
  }

  /** `npm run test:integration` */
  async integrationTests(): Promise<IntegrationResults> {
    const report = join(this.#folder, 'integration.json');
    const { output } = await this.#cli.script('test/integration/run.ts', '--json', `--outputFile=${report}`);
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    if (tests.length === 0) throw new Error(`No integration test ran:\n${output.slice(-3000)}`);
    const titles = (status: string) => tests.filter((test) => test.status === status).map(({ title }) => title);
    const failed = tests.filter(({ status }) => status === 'failed');
    return {
      passed: titles('passed'),
      skipped: titles('pending'),
      failed: new Map(failed.map(({ title, failureMessages }) => [title, failureMessages.join('\n')])),
    };
  }
}
