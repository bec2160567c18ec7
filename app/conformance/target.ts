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

/** The checked service: its URL and, if this tool started it, its process. */
export interface Target extends Observations {
  readonly url: URL;
  /** Defined if this tool has started the process. */
  readonly started?: StartedTarget;
}

/** The checked process, the directories that it must not change, and the proxy to its database. */
export interface StartedTarget extends Target, Instance {
  readonly settings: StartSettings;
  /** Directories that no process may change, with their content before the start. */
  readonly watched: { readonly directories: readonly string[]; readonly before: FileListing };
  /** The proxy to the database; `undefined` if the database is remote. */
  readonly gate: DatabaseGate | undefined;
  /** Runs a command, by default that of the service, with changed variables; `undefined` removes one. */
  readonly launch: (changes: Readonly<Record<string, string | undefined>>, options?: LaunchOptions) => ServiceProcess;
  /** Starts another process of the service on a free port and waits until it listens. */
  readonly another: (options?: LaunchOptions) => Promise<Instance>;
  /** Its behaviour during a database outage, or why that cannot be checked. */
  readonly outage: () => Promise<Outage | string>;
  /** How it stopped. All requests are sent before. */
  readonly ending: () => Promise<Ending>;
  /** Stops the processes and removes temporary files. */
  readonly close: () => Promise<void>;
}

/** A service that already runs. */
export function targetAt(url: URL): Target {
  return { url, ...observationsOf(url) };
}

/** Starts the service like ECS: with a port, its environment and no writable directory. */
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

/** The shutdown grace period. */
function graceSecondsOf({ environment: { SHUTDOWN_GRACE_SECONDS: seconds } }: Command): number {
  return seconds === undefined || seconds === '' ? 25 : Number(seconds);
}
