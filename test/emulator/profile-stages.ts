import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { profiles } from '../../lib/profiles';
import { profileContexts } from '../support/profile-contexts';
import { authorizationStages, withoutRefusals } from './authorization-stages';
import { type Cli, succeeded } from './cli';
import { type Assembly, Deployments } from './deployments';
import type { Emulator } from './emulator';
import { meteredMutations } from './metered-mutations';
import { flagshipMutations, type MutationsOf } from './mutations';
import { partnerMutations } from './partner-mutations';
import { Restoration } from './restoration';
import { type Stage, Stages } from './stages';

/** The region and context of a profile. */
export interface Workplace {
  readonly profile: string;
  readonly emulator: Emulator;
  readonly cli: Cli;
  readonly folder: string;
  /** Decides which statement of a role is left out at the end. */
  readonly seed: number;
  /** Leaves out every statement that is needed, one after the other. */
  readonly everyStatement: boolean;
}

const account = '123456789012';
const suffix = 'emu';
const edgeRegion = 'us-east-1';
/** Beside the app the CLI runs it, although it is told which regions to bootstrap; shown once, as it takes as long as a synthesis. */
const asReadmeHasIt = ['-c', `environmentSuffix=${suffix}`];
/** Every asset gets another hash, as if its files had changed: the image's, and those of all functions. */
const changed = { '@aws-cdk/core:assetHashSalt': 'changed' };

/** A stage that the short form of the suite has, too. */
const always = (stage: Stage): Stage => ({ ...stage, isInShortForm: true });

/** The default profile, with the complete life cycle of an environment. */
export function flagshipStages(workplace: Workplace): readonly Stage[] {
  const { bootstrap, stages, synthesize, synthesizeWith, authorized } = prepared(workplace);
  const first = lazily(() => synthesize('first', {}));
  const second = lazily(() => synthesize('second', changed));
  const third = lazily(() => synthesizeWith('third', { originSecretGeneration: 2 }, changed));
  const life: readonly Stage[] = [
    always(bootstrap),
    { name: 'a first deployment fails', run: async () => stages.deployAndFail(await first(), 'ROLLBACK_COMPLETE') },
    always({ name: 'deployment', run: async () => stages.deploy(await first()) }),
    always({ name: 'integration tests', run: async () => stages.integrationTests() }),
    { name: 'nothing to deploy', run: async () => stages.deployWithoutDifference(await first()) },
    { name: 'changes are noticed', run: async () => stages.mutations(flagshipMutations) },
    { name: 'an update fails', run: async () => stages.deployAndFail(await second(), 'UPDATE_ROLLBACK_COMPLETE') },
    always({ name: 'second deployment', run: async () => stages.deploy(await second()) }),
    always({ name: 'blue-green', run: async () => stages.blueGreenDeployment() }),
    always({ name: 'integration tests again', run: async () => stages.integrationTests() }),
    { name: 'the origin secret is replaced', run: async () => stages.replaceOriginSecret(await third()) },
    { name: 'integration tests after it', run: async () => stages.integrationTests() },
    always({ name: 'destruction', run: async () => stages.destroy(await second()) }),
    always({ name: 'nothing is left', run: async () => stages.nothingIsLeft() }),
  ];
  return authorized(life, [first, second, third]);
}

/** Changes of resources of some profiles. */
const ownMutations: Readonly<Record<string, MutationsOf>> = { metered: meteredMutations, partner: partnerMutations };

/** The profile whose second environment is deployed beside the first. It uses most of what an account has once. */
const besideAnother = 'metered';
/** The profile whose settings are changed. */
const profileOfChanges = 'storefront';

/** Settings that no profile has by default, and that are deployed with one. */
const turnedOn: Readonly<Record<string, object>> = { storefront: { signIn: { kind: 'cognito' } } };

/** A change that an existing environment does not support. The second deployment of flagship covers supported ones. */
function refusedChange(stages: Stages, synthesizeWith: (name: string, overrides: object) => Promise<Assembly>): Stage {
  const { network } = profiles[profileOfChanges];
  const cidr = '10.99.0.0/16';
  const message = `network.cidr changes from "${network.cidr}" to "${cidr}"`;
  return {
    name: 'another address range is refused',
    run: async () =>
      stages.changeIsRefused(
        await synthesizeWith('other-range', { ...turnedOn[profileOfChanges], network: { cidr } }),
        message,
      ),
  };
}

/** Any other profile: deployed, tested, destroyed. */
export function otherStages(workplace: Workplace): readonly Stage[] {
  const { bootstrap, stages, synthesize, synthesizeWith, isProtected, restoration, authorized } = prepared(workplace);
  const deployed = lazily(() => synthesizeWith('deployed', turnedOn[workplace.profile] ?? {}));
  const released = isProtected
    ? lazily(() =>
        synthesizeWith('released', { database: { restored: restoration.restored } }, { allowDestroy: 'true' }),
      )
    : deployed;
  const own = ownMutations[workplace.profile];
  const noticed = own && { name: 'changes are noticed', run: async () => stages.mutations(own) };
  const second = lazily(() => synthesize('second', { environmentSuffix: `${suffix}2` }));
  const sideBySide: readonly Stage[] = [
    { name: 'a second environment', run: async () => stages.secondEnvironment(await second()) },
    { name: 'integration tests of the first', run: async () => stages.integrationTests() },
  ];
  const life: readonly Stage[] = [
    always(bootstrap),
    always({ name: 'deployment', run: async () => stages.deploy(await deployed()) }),
    always({ name: 'integration tests', run: async () => stages.integrationTests() }),
    { name: 'nothing to deploy', run: async () => stages.deployWithoutDifference(await deployed()) },
    ...(workplace.profile === profileOfChanges ? [refusedChange(stages, synthesizeWith)] : []),
    // Before the events, whose restore drill fails, because the emulator has no database to look into.
    ...(workplace.profile === besideAnother ? sideBySide : []),
    always({ name: 'events', run: async () => stages.events() }),
    ...(noticed ? [noticed] : []),
    ...(isProtected ? destroyedTooEarlyAndReleased(stages, restoration, deployed, released) : []),
    always({ name: 'destruction', run: async () => stages.destroy(await released()) }),
    always({ name: 'nothing is left', run: async () => stages.nothingIsLeft() }),
  ];
  // A protected database would survive a deployment that fails.
  return authorized(life, [released]);
}

/** A protected environment that is destroyed without `allowDestroy`, and one with it. */
function destroyedTooEarlyAndReleased(
  stages: Stages,
  restoration: Restoration,
  deployed: () => Promise<Assembly>,
  released: () => Promise<Assembly>,
): readonly Stage[] {
  return [
    { name: 'destruction is refused', run: async () => stages.destructionIsRefused(await deployed()) },
    { name: 'destruction by hand', run: async () => stages.destroyByHand(await deployed()) },
    { name: 'nothing is left of it', run: async () => stages.nothingIsLeft() },
    { name: 'deployment again', run: async () => stages.deploy(await deployed()) },
    always({ name: 'the database is restored', run: async () => restoration.restore() }),
    always({ name: 'release', run: async () => restoration.makeKnown(await released()) }),
  ];
}

function prepared({ profile, emulator, cli, folder, seed, everyStatement }: Workplace) {
  const settings = new Map(Object.entries(profiles)).get(profile);
  if (settings === undefined) throw new Error(`There is no profile '${profile}'.`);
  const { region, documents, database } = settings;
  const regions = [...new Set([region, edgeRegion, ...(documents ? [documents.replicaRegion] : [])])];
  const deployments = new Deployments(cli, folder);
  const flatOutputs = join(folder, 'flat-outputs.json');
  const stages = new Stages(emulator, deployments, { profile, suffix, regions, flatOutputs });
  const given: Record<string, string> = { environmentSuffix: suffix, ...profileContexts[profile] };
  const bootstrap = {
    name: 'bootstrap',
    run: async () => {
      const environments = regions.map((each) => `aws://${account}/${each}`);
      succeeded(
        profile === 'flagship'
          ? await cli.cdk('bootstrap', ...asReadmeHasIt, '--output', join(folder, 'bootstrap'), ...environments)
          : await cli.cdkWithoutApp(folder, 'bootstrap', ...environments),
      );
      Object.assign(given, await deployPrerequisites(cli, profile, region, folder));
      return stages.remember();
    },
  };
  const synthesize = async (name: string, more: Readonly<Record<string, string>>) =>
    deployments.synthesize(name, { ...given, ...more });
  const synthesizeWith = async (name: string, overrides: object, more: Readonly<Record<string, string>> = {}) => {
    const config = join(folder, `${name}.json`);
    writeFileSync(config, JSON.stringify({ profile, ...overrides }));
    return synthesize(name, { ...more, config });
  };
  const restoration = new Restoration(database.kind, { emulator, region, suffix, folder });
  const isProtected = database.deletionProtection === 'on-unless-destroy-is-allowed';
  const authorized = (life: readonly Stage[], assemblies: readonly (() => Promise<Assembly>)[]): readonly Stage[] => [
    ...life.map((stage) => withoutRefusals(stage, emulator)),
    ...authorizationStages({ suffix, emulator, stages, deployments, assemblies, seed, everyStatement }),
  ];
  return { bootstrap, stages, synthesize, synthesizeWith, isProtected, restoration, authorized };
}

/** Creates the prerequisites of a profile and returns their names. */
async function deployPrerequisites(cli: Cli, profile: string, region: string, folder: string): Promise<object> {
  const outputs = join(folder, 'prerequisites.json');
  const app = `CONTEXT_OF=${profile} REGION=${region} node --import tsx test/emulator/prerequisites.ts`;
  if (profileContexts[profile]?.['domainName'] === undefined) return {};
  succeeded(
    await cli.cdk(
      'deploy',
      '--app',
      app,
      '--output',
      join(folder, 'prerequisites'),
      '--require-approval',
      'never',
      '--outputs-file',
      outputs,
    ),
  );
  const found = JSON.parse(readFileSync(outputs, 'utf8')) as Record<string, { readonly HostedZoneId?: string }>;
  const [{ HostedZoneId } = {}] = Object.values(found);
  return HostedZoneId === undefined ? {} : { hostedZoneId: HostedZoneId };
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return async () => (made ??= make());
}
