import type { DeploymentProfile } from './deployment-profile';

/*
 * How many requests a deployment can answer, from what they cost in `npm run bench:users`. A model tells whether a size is of the right
 * order; a load test of the deployment tells the rest.
 */

/** What a request costs on the average, in milliseconds of one processor. */
export interface RequestCost {
  readonly apiMilliseconds: number;
  readonly databaseMilliseconds: number;
}

/** How many requests a second API and database can answer, each for itself, at the profile's smallest size and at its largest. */
export interface Capacity {
  readonly api: { readonly least: number; readonly most: number };
  readonly database: { readonly least: number; readonly most: number };
}

/**
 * Of four reads and one payment, at 2,000 requests a second from 10,000 connections, 2026-11-21: 0.68 of a processor was the API's and 0.63
 * PostgreSQL's.
 */
const measuredCost: RequestCost = { apiMilliseconds: 0.34, databaseMilliseconds: 0.32 };

/** How much of a processor may be used on the average, so that a moment's more does not queue; the services scale out at this, too. */
const headroom = 0.7;

/** AWS publishes of an ACU its 2 GiB of memory only; its own instances with that much have a quarter of a processor. */
const processorsPerAcu = 0.25;

/** Of the sizes in use. @see https://aws.amazon.com/rds/instance-types/ */
const processorsOfSize = new Map(Object.entries({ micro: 2, small: 2, medium: 2, large: 2, xlarge: 4 }));

/** What a profile can answer, if requests cost what they did when they were measured. @throws Error when its database's size is unknown */
export function capacityOf(
  { service, database }: Pick<DeploymentProfile, 'service' | 'database'>,
  cost: RequestCost = measuredCost,
): Capacity {
  // A process of Node.js uses one processor, however many its task has.
  const ofTask = Math.min(1, service.cpuUnits / 1024);
  const ofDatabase = databaseProcessors(database);
  const api = (tasks: number) => perSecond(tasks * ofTask, cost.apiMilliseconds);
  return {
    api: { least: api(service.minTasks), most: api(service.maxTasks) },
    database: {
      least: perSecond(ofDatabase.least, cost.databaseMilliseconds),
      most: perSecond(ofDatabase.most, cost.databaseMilliseconds),
    },
  };
}

function perSecond(processors: number, milliseconds: number): number {
  return Math.round((processors * headroom * 1000) / milliseconds);
}

/** Of the writer alone: readers take some of the reads, and none of the payments. */
function databaseProcessors(database: DeploymentProfile['database']): { least: number; most: number } {
  if ('maxCapacityAcu' in database) {
    return { least: database.minCapacityAcu * processorsPerAcu, most: database.maxCapacityAcu * processorsPerAcu };
  }
  const { instanceType } = database;
  const processors = processorsOfSize.get(instanceType.split('.').at(-1) ?? '');
  if (processors === undefined) {
    throw new Error(
      `database.instanceType is '${instanceType}', whose vCPU count is unknown. Add its size to lib/config/capacity.ts.`,
    );
  }
  return { least: processors, most: processors };
}
