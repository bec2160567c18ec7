import { rm } from 'node:fs/promises';
import { reasonOf } from './client.ts';
import { databaseAddressOf, isOnThisMachine } from './database-address.ts';
import { DatabaseGate } from './database-gate.ts';
import { type Ending, observeEnding } from './ending.ts';
import {
  type Command,
  createScratch,
  type Instance,
  Launcher,
  type LaunchOptions,
  type StartSettings,
} from './launcher.ts';
import { type Observations, observationsOf, once } from './observations.ts';
import { type Outage, observeOutage } from './outage.ts';
import type { ServiceProcess } from './service-process.ts';
import { type FileListing, listFiles } from './watched-files.ts';

/** What is checked: something that answers at an address, and perhaps the process behind it. */
export interface Target extends Observations {
  readonly url: URL;
  /** Only when this tool has started the process. */
  readonly started?: StartedTarget;
}

/** The process that is checked, the files that it must leave alone, and the way to its database. */
export interface StartedTarget extends Target, Instance {
  readonly settings: StartSettings;
  /** Directories that no process may write to, and what stood there before the first one was started. */
  readonly watched: { readonly directories: readonly string[]; readonly before: FileListing };
  /** Between process and database; `undefined` when the database is not on this machine. */
  readonly gate: DatabaseGate | undefined;
  /** Runs a command, by default the service's, with some variables changed; `undefined` takes one away. */
  readonly launch: (changes: Readonly<Record<string, string | undefined>>, options?: LaunchOptions) => ServiceProcess;
  /** Starts the service once more, on a port of its own, and waits until it listens. */
  readonly another: (options?: LaunchOptions) => Promise<Instance>;
  /** What it did while its database was away, or why that cannot be told. */
  readonly outage: () => Promise<Outage | string>;
  /** How it stopped. Whatever has to be asked of it while it serves is asked before. */
  readonly ending: () => Promise<Ending>;
  /** Ends what was started, and removes what was made for it. */
  readonly close: () => Promise<void>;
}

/** Something that runs already. */
export function targetAt(url: URL): Target {
  return { url, ...observationsOf(url) };
}

/** Starts the service as ECS does: with a port, with its environment, and with nothing that it may write to. */
export async function startTarget(settings: StartSettings): Promise<StartedTarget> {
  const { service } = settings;
  const scratch = await createScratch();
  const directories = [settings.directory, scratch.home, scratch.temporary];
  const watched = { directories, before: await listFiles(directories) };
  const database = databaseAddressOf(service.environment);
  const gate = isOnThisMachine(database) ? await DatabaseGate.before(database.host, database.port) : undefined;
  const launcher = new Launcher(settings, scratch, gate);
  const instance = await launcher.another();
  const observations = observationsOf(instance.url);
  const outage = once(async () =>
    gate
      ? observeOutage(instance.url, gate, observations.secrets[0] ?? '')
      : `its database is at '${database.host}'; only one at 127.0.0.1 can be taken away`,
  );
  const target: StartedTarget = {
    ...instance,
    ...observations,
    settings,
    watched,
    gate,
    launch: (changes, options) => launcher.launch(changes, options),
    another: (options) => launcher.another(options),
    outage,
    ending: once(async () => {
      for (const observe of [observations.correlation, observations.refusals, outage]) await observe().catch(reasonOf);
      return observeEnding(instance, graceSecondsOf(service));
    }),
    close: async () => {
      await launcher.close();
      await gate?.shut();
      await rm(scratch.root, { recursive: true, force: true });
    },
    get started() {
      return target;
    },
  };
  return target;
}

/** How long the service may take to stop. */
function graceSecondsOf({ environment: { SHUTDOWN_GRACE_SECONDS: seconds } }: Command): number {
  return seconds === undefined || seconds === '' ? 25 : Number(seconds);
}
