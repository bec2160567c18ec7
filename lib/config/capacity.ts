import type { DeploymentProfile } from './deployment-profile';

/*
 * Estimates how many requests a deployment can serve, from the costs that `npm run bench:users` measured. The estimate gives the order of
 * magnitude; only a load test of the deployment gives exact numbers.
 */

/** Average CPU time of a request, in milliseconds of one vCPU. */
export interface RequestCost {
  readonly apiMilliseconds: number;
  readonly databaseMilliseconds: number;
}

/** Requests per second of the API and of the database, at the smallest and the largest size of the profile. */
export interface Capacity {
  readonly api: { readonly least: number; readonly most: number };
  readonly database: { readonly least: number; readonly most: number };
}

/**
 * Measured on 2026-11-21 with four reads per payment, at 2,000 requests per second from 10,000 connections: the API used 0.68 vCPU and
 * PostgreSQL 0.63.
 */
const measuredCost: RequestCost = { apiMilliseconds: 0.34, databaseMilliseconds: 0.32 };

/** Target utilization. It leaves room for short peaks, and the services scale out at the same value. */
const headroom = 0.7;

/** An estimate. AWS publishes only the 2 GiB of memory of an ACU; its memory-optimized instances have a quarter of a vCPU for that. */
const processorsPerAcu = 0.25;

/** vCPUs of the instance sizes in use. @see https://aws.amazon.com/rds/instance-types/ */
const processorsOfSize = new Map(Object.entries({ micro: 2, small: 2, medium: 2, large: 2, xlarge: 4 }));

/**
 * Estimates the capacity of a profile.
 *
 * @throws Error when the vCPU count of the database instance size is unknown
 */
export function capacityOf(
  { service, database }: Pick<DeploymentProfile, 'service' | 'database'>,
  cost: RequestCost = measuredCost,
): Capacity {
  // A Node.js process uses one vCPU, however many its task has.
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

/** vCPUs of the writer. Readers serve some reads but no payments, so they are not counted. */
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
