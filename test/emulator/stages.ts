import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CodeDeployClient, GetDeploymentCommand, ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import { DescribeDBInstancesCommand, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type FlatOutputs, readFlatOutputs } from '../integration/flat-outputs';
import { type Ended, succeeded } from './cli';
import type { Assembly, Deployments, IntegrationResults } from './deployments';
import { deliverEvents } from './event-deliveries';
import type { Emulator, Inventory } from './emulator';
import type { Access, MutationsOf } from './mutations';
import { readOriginAccess, replacementProblems } from './origin-secret';

/** A stage of the run, with its name and its result. */
export interface Stage {
  readonly name: string;
  /** Whether the short form of the suite has it. @default false */
  readonly isInShortForm?: boolean;
  /** @throws what is wrong */
  readonly run: () => Promise<string>;
}

/** An environment of one profile. */
export interface Environment {
  readonly profile: string;
  readonly suffix: string;
  /** All regions of the environment. */
  readonly regions: readonly string[];
  readonly flatOutputs: string;
}

/** The stages of an environment, from its first deployment to its deletion. */
export class Stages {
  readonly #emulator: Emulator;
  readonly #deployments: Deployments;
  readonly #environment: Environment;
  #before: readonly Inventory[] = [];

  constructor(emulator: Emulator, deployments: Deployments, environment: Environment) {
    this.#emulator = emulator;
    this.#deployments = deployments;
    this.#environment = environment;
  }

  /** Resources before the first deployment. Only these may remain after the last one. */
  async remember(): Promise<string> {
    this.#before = await this.#inventories();
    return `${count(this.#before)} things stand that are not ours`;
  }

  async deploy(assembly: Assembly): Promise<string> {
    const output = succeeded(await this.#deployments.deploy(assembly));
    return `${stacksIn(output)} stacks, ${count(await this.#inventories()) - count(this.#before)} things listed`;
  }

  async deployWithoutDifference(assembly: Assembly): Promise<string> {
    const output = succeeded(await this.#deployments.deploy(assembly));
    const unchanged = output.match(/\(no changes\)/g)?.length ?? 0;
    if (unchanged !== stacksIn(output)) throw new Error(`${unchanged} of ${stacksIn(output)} stacks without changes`);
    return `${unchanged} stacks without changes`;
  }

  /** An unsupported change ends the command before anything is deployed. */
  async changeIsRefused(assembly: Assembly, message: string): Promise<string> {
    const before = await this.#inventories();
    const { status, output } = await this.#deployments.deploy(assembly);
    if (status === 0) throw new Error('The deployment succeeded, although the environment cannot take it.');
    if (!output.includes(message)) throw new Error(`The refusal does not say '${message}':\n${output.slice(-3000)}`);
    if (!isDeepStrictEqual(await this.#inventories(), before))
      throw new Error('The refused deployment changed something.');
    return message;
  }

  /** Replaces the secret by which the load balancer recognises CloudFront, while the second set of tasks serves. */
  async replaceOriginSecret(assembly: Assembly): Promise<string> {
    const before = await readOriginAccess(this.#outputs(), this.#access());
    const deployed = await this.deploy(assembly);
    const after = await readOriginAccess(this.#outputs(), this.#access());
    const problems = replacementProblems(before, after);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return `${deployed}; ${after.admitted.length} values admitted, traffic stays where it was`;
  }

  /** Makes the start of the service fail, after nearly all other resources of the Compute stack. */
  async deployAndFail(assembly: Assembly, status: string): Promise<string> {
    this.#emulator.fail('Custom::EcsDeployment');
    const ended: Ended = await this.#deployments.deploy(assembly);
    this.#emulator.fail('');
    if (ended.status === 0) throw new Error('The deployment succeeded, although it had to fail.');
    const StackName = `compute-stack-${this.#environment.suffix}`;
    const client = new CloudFormationClient({ region: this.#environment.regions[0], ...this.#access() });
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    if (stack?.StackStatus !== status)
      throw new Error(`${StackName} is ${stack?.StackStatus ?? 'gone'}, not ${status}.`);
    return `${StackName} is ${status}`;
  }

  async integrationTests(): Promise<string> {
    const { passed, skipped, failed } = await this.#deployments.integrationTests();
    if (failed.size > 0) throw new Error([...failed.values()].join('\n'));
    return `${passed.length} passed, ${skipped.length} skipped: at the public address, or of what this profile has not`;
  }

  /** Delivers events to functions. */
  async events(): Promise<string> {
    return deliverEvents(this.#outputs(), this.#access(), this.#emulator);
  }

  /** The last deployment went through CodeDeploy, and succeeded. */
  async blueGreenDeployment(): Promise<string> {
    const { suffix } = this.#environment;
    const client = new CodeDeployClient({ region: this.#outputs().ComputeRegion, ...this.#access() });
    const group = {
      applicationName: `code-deploy-application-${suffix}`,
      deploymentGroupName: `deployment-group-${suffix}`,
    };
    const { deployments = [] } = await client.send(new ListDeploymentsCommand(group));
    const deploymentId = deployments.at(-1);
    const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId }));
    if (deploymentInfo?.status !== 'Succeeded')
      throw new Error(`${deploymentId ?? 'none'}: ${deploymentInfo?.status ?? ''}`);
    return `${deployments.length} deployments by CodeDeploy, the last succeeded`;
  }

  /** Changes outside CloudFormation make exactly their integration tests fail. */
  async mutations(mutationsOf: MutationsOf): Promise<string> {
    const mutations = mutationsOf(this.#environment.suffix, this.#outputs(), this.#access());
    const putBack: (() => Promise<unknown>)[] = [];
    for (const { make } of mutations) putBack.push(await make());
    const results = await this.#deployments.integrationTests();
    for (const undo of putBack.reverse()) await undo();
    const problems = [
      ...mutations.filter((mutation) => !noticed(mutation, results)).map(({ says }) => `nothing says ${says.source}`),
      ...[...results.failed.keys()]
        .filter((title) => !mutations.some(({ test }) => test.test(title)))
        .map((title) => `'${title}' failed without a reason`),
    ];
    if (problems.length > 0) throw new Error([...problems, ...results.failed.values()].join('\n'));
    return `${mutations.length} changes, ${results.failed.size} tests failed because of them`;
  }

  /** Deploys a second environment in the same account and region, tests it, and destroys it. The first one keeps every resource. */
  async secondEnvironment(assembly: Assembly): Promise<string> {
    const before = await this.#inventories();
    const outputs = readFileSync(this.#environment.flatOutputs);
    const deployed = await this.deploy(assembly);
    await this.integrationTests();
    await this.destroy(assembly);
    writeFileSync(this.#environment.flatOutputs, outputs);
    const changes = changesOf(before, await this.#inventories());
    if (changes.length > 0) throw new Error(`Left or lost:\n${changes.join('\n')}`);
    return `${deployed}; destroyed, and ${count(before)} things are as before`;
  }

  async destroy(assembly: Assembly): Promise<string> {
    return `${stacksIn(succeeded(await this.#deployments.destroy(assembly)))} stacks destroyed`;
  }

  /** A protected database remains, even if other resources are deleted first. */
  async destructionIsRefused(assembly: Assembly): Promise<string> {
    const { status, output } = await this.#deployments.destroy(assembly);
    if (status === 0) throw new Error('The destruction succeeded, although the database is protected.');
    if (!output.includes('Cannot delete protected DB Instance')) throw new Error(output.slice(-3000));
    const [database, ...others] = await this.#databases();
    if (!database?.DeletionProtection || others.length > 0) throw new Error('The database does not stand as it did.');
    return `${database.DBInstanceIdentifier ?? ''} is still ${database.DBInstanceStatus ?? 'without status'}`;
  }

  /** The remedy of the README. */
  async destroyByHand(assembly: Assembly): Promise<string> {
    for (const { DBInstanceIdentifier } of await this.#databases()) {
      const change = { DBInstanceIdentifier, DeletionProtection: false, ApplyImmediately: true };
      await this.#rds().send(new ModifyDBInstanceCommand(change));
    }
    return this.destroy(assembly);
  }

  async nothingIsLeft(): Promise<string> {
    const after = await this.#inventories();
    const left = changesOf(this.#before, after);
    if (left.length > 0) throw new Error(`Left or lost:\n${left.join('\n')}`);
    if (!isDeepStrictEqual(after, this.#before)) throw new Error('The inventories differ in their order.');
    return `${count(after)} things stand, as before`;
  }

  async #inventories(): Promise<Inventory[]> {
    return Promise.all(this.#environment.regions.map((region) => this.#emulator.inventory(region)));
  }

  async #databases() {
    const { DBInstances = [] } = await this.#rds().send(new DescribeDBInstancesCommand({}));
    return DBInstances;
  }

  #rds(): RDSClient {
    return new RDSClient({ region: this.#environment.regions[0], ...this.#access() });
  }

  #outputs(): FlatOutputs {
    return readFlatOutputs(this.#environment.flatOutputs);
  }

  #access(): Access {
    return {
      endpoint: this.#emulator.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  }
}

function noticed(
  { test, says }: { readonly test: RegExp; readonly says: RegExp },
  { failed }: IntegrationResults,
): boolean {
  return [...failed].some(([title, message]) => test.test(title) && says.test(message));
}

function count(inventories: readonly Inventory[]): number {
  return inventories.flatMap((inventory) => Object.values(inventory)).flat().length;
}

function changesOf(before: readonly Inventory[], after: readonly Inventory[]): string[] {
  return after.flatMap((inventory, index) => differences(before[index] ?? {}, inventory));
}

function differences(before: Inventory, after: Inventory): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((type) => {
    const [was, is] = [before[type] ?? [], after[type] ?? []];
    return [
      ...is.filter((name) => !was.includes(name)).map((name) => `${type} ${name} is left`),
      ...was.filter((name) => !is.includes(name)).map((name) => `${type} ${name} is gone`),
    ];
  });
}

function stacksIn(output: string): number {
  return output.match(/✅/g)?.length ?? 0;
}
