import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import type { DeploymentProfile } from '../../lib/config/deployment-profile';
import { readFlatOutputs } from '../integration/flat-outputs';
import { StackResources } from '../integration/stack-resources';
import { documentAt, sectionsOf } from '../support/documents';
import type { Assembly } from './deployments';
import type { Emulator } from './emulator';

/*
 * The runbook's section about a lost database, whose blocks are run by bash with the AWS CLI.
 *
 * The emulator shows that the commands fit together, that the restored database has the names and settings of the lost one, and that
 * CloudFormation then updates it. It has neither data nor a network: that the payments are in the restored database, how long that takes,
 * and that the address follows the name, only AWS can show.
 */

const runbook = documentAt('lib/observability/RUNBOOK.md');
const blocksOf = (markdown: string) => [...markdown.matchAll(/^```\n(.*?)^```$/gms)].map(([, block = '']) => block);
const section = sectionsOf(runbook).find(({ anchor }) => anchor === 'restore-the-database')?.text ?? '';

/** The one block that has these words. @throws when there is none, or several */
function block(words: string, among = blocksOf(section)): string {
  const [found, ...others] = among.filter((each) => each.includes(words));
  if (found === undefined || others.length > 0)
    throw new Error(`The runbook has ${found === undefined ? 'no block' : 'several blocks'} with '${words}'.`);
  return found;
}

const readOutputs = block('output() {', blocksOf(runbook.text)).replace(/^export .*$/m, '');
const readStacks = block('named() {');
const makeKnown = block('-c config=FILE');

/** What the runbook makes known to the configuration. */
export interface RestoredDatabase {
  readonly resourceId: string;
  readonly administratorSecretArn?: string;
}

/** A database as RDS describes it. */
interface Described {
  readonly resourceId: string;
  readonly settings: object;
}

interface Kind {
  readonly type: string;
  readonly restoration: readonly string[];
  readonly deletion: string;
  readonly describe: (rds: RDSClient, name: string) => Promise<Described>;
}

/** The two forms of a database, each with its blocks. */
const kinds = {
  cluster: {
    type: 'AWS::RDS::DBCluster',
    restoration: [
      '--new-db-cluster-identifier',
      'restore-db-cluster-to-point-in-time',
      '--manage-master-user-password',
    ],
    deletion: 'delete-db-cluster',
    describe: async (rds, DBClusterIdentifier) => {
      const { DBClusters: [cluster = {}] = [] } = await rds.send(
        new DescribeDBClustersCommand({ DBClusterIdentifier }),
      );
      const { DbClusterResourceId: resourceId = '', ...settings } = cluster;
      return { resourceId, settings };
    },
  },
  instance: {
    type: 'AWS::RDS::DBInstance',
    restoration: ['restore-db-instance-to-point-in-time'],
    deletion: '--no-deletion-protection',
    describe: async (rds, DBInstanceIdentifier) => {
      const { DBInstances: [instance = {}] = [] } = await rds.send(
        new DescribeDBInstancesCommand({ DBInstanceIdentifier }),
      );
      const { DbiResourceId: resourceId = '', ...settings } = instance;
      return { resourceId, settings };
    },
  },
} as const satisfies Record<string, Kind>;

/** What AWS decides for each database. The address follows the name on AWS; the emulator makes another one. */
const decidedByAws = /^(.*(Time|Endpoint|HostedZoneId|LogFile)|MasterUserSecret|TagList)$/;

/** Where the database is. */
interface Workplace {
  readonly emulator: Emulator;
  readonly region: string;
  readonly suffix: string;
  /** For the script, and with `flat-outputs.json`. */
  readonly folder: string;
}

/** Restores the database of an environment by the commands of the runbook. */
export class Restoration {
  readonly #kind: Kind;
  readonly #workplace: Workplace;
  #restored: RestoredDatabase | undefined;

  constructor(kind: DeploymentProfile['database']['kind'], workplace: Workplace) {
    this.#kind = kinds[kind === 'multi-az-instance' ? 'instance' : 'cluster'];
    this.#workplace = workplace;
  }

  /** What the last command has printed. @throws before the restoration */
  get restored(): RestoredDatabase {
    if (!this.#restored) throw new Error('The database is not restored yet.');
    return this.#restored;
  }

  /** Renames the lost database and restores it. @throws what differs from the lost database */
  async restore(): Promise<string> {
    const lost = await this.#describe('');
    const printed = await this.#run(...this.#kind.restoration.map((words) => block(words)));
    const { resourceId, administratorSecretArn } = JSON.parse(printed.slice(printed.lastIndexOf('\n{') + 1)) as {
      resourceId: string;
      administratorSecretArn?: string | null;
    };
    this.#restored = { resourceId, ...(administratorSecretArn ? { administratorSecretArn } : {}) };
    const [restored, renamed] = [await this.#describe(''), await this.#describe('-lost')];
    const differences = differencesBetween(lost.settings, restored.settings);
    const problems = [
      ...differences,
      ...(renamed.resourceId === lost.resourceId ? [] : ['The lost database does not have its new name.']),
      ...(restored.resourceId === resourceId ? [] : [`${resourceId} is printed, but ${restored.resourceId} restored.`]),
      ...(resourceId === lost.resourceId ? ['The restored database is the lost one.'] : []),
    ];
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return `${Object.keys(restored.settings).length} settings compared; made known: ${Object.keys(this.#restored).join(', ')}`;
  }

  /**
   * Deploys with the restored database in the configuration, and deletes the lost one.
   *
   * @param assembly - stands for `-c config=FILE`, so that it is synthesized once
   * @throws when CloudFormation replaces the restored database
   */
  async makeKnown({ folder }: Assembly): Promise<string> {
    const { resourceId } = this.restored;
    await this.#run(makeKnown.replaceAll('-c config=FILE', `--app ${folder}`));
    await this.#run(block(this.#kind.deletion));
    const found = await this.#describe('');
    if (found.resourceId !== resourceId) throw new Error(`The database is ${found.resourceId}, not ${resourceId}.`);
    return `${resourceId} is deployed, the lost database deleted`;
  }

  async #describe(ending: string): Promise<Described> {
    const { emulator, region, folder } = this.#workplace;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const access = { endpoint: emulator.endpoint, region, credentials };
    const { DataStackName } = readFlatOutputs(join(folder, 'flat-outputs.json'));
    const stack = await StackResources.of(new CloudFormationClient(access), DataStackName);
    return this.#kind.describe(new RDSClient(access), `${stack.only(this.#kind.type)}${ending}`);
  }

  /** Runs blocks of the runbook in one shell. @returns what they print @throws what the failing command says */
  async #run(...commands: readonly string[]): Promise<string> {
    const { emulator, region, suffix, folder } = this.#workplace;
    const script = ['set -euo pipefail', readOutputs, readStacks, ...commands].join('\n');
    const bash = spawn('bash', ['-c', script], {
      cwd: join(__dirname, '..', '..'),
      env: {
        ...process.env,
        ...emulator.environment,
        AWS_REGION: region,
        // Version 1 of the AWS CLI reads only this one.
        AWS_DEFAULT_REGION: region,
        AWS_PAGER: '',
        ENVIRONMENT: suffix,
        RESTORE_TIME: new Date().toISOString(),
        PASSWORD: 'only-in-the-emulator',
        // Nobody answers the CDK CLI.
        CDK_REQUIRE_APPROVAL: 'never',
        FLAT_OUTPUTS: join(folder, 'flat-outputs.json'),
      },
    });
    const ended = once(bash, 'exit');
    const [printed, said] = await Promise.all([text(bash.stdout), text(bash.stderr), ended]);
    if (bash.exitCode !== 0)
      throw new Error(`The commands of the runbook failed:\n${`${printed}\n${said}`.slice(-3000)}`);
    return printed;
  }
}

/** Settings of the lost database that the restored one does not have. Names of instances are compared, too. */
function differencesBetween(lost: object, restored: object): string[] {
  const [before, after] = [lost, restored].map((settings) => new Map<string, unknown>(Object.entries(settings)));
  return [...(before?.keys() ?? [])]
    .filter((name) => !decidedByAws.test(name))
    .filter((name) => !isDeepStrictEqual(before?.get(name), after?.get(name)))
    .map((name) => `${name} is ${JSON.stringify(after?.get(name))}, not ${JSON.stringify(before?.get(name))}.`);
}
