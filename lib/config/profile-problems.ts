import { apiGatewayProblems } from './api-gateway-problems';
import type { Problem } from './configuration-error';
import { instanceClassProblems } from './database-instance-classes';
import { databaseVersionProblems } from './database-version-problems';
import type { DeploymentProfile, TrafficShiftConfig } from './deployment-profile';
import { networkProblems } from './network-problems';
import { tagProblems } from './tag-problems';

/** Memory that Fargate offers for each CPU size, in MiB: [minimum, maximum, step]. */
const fargateMemoryMiB: Record<number, readonly [number, number, number]> = {
  256: [512, 2048, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16384, 1024],
  4096: [8192, 30720, 1024],
};

/** The rules between fields of one profile, which its schema cannot say. Returns every problem, never only the first. */
export function profileProblems(profile: DeploymentProfile): Problem[] {
  return [
    ...networkProblems(profile),
    ...tagProblems(profile),
    ...serviceProblems(profile),
    ...databaseProblems(profile),
    ...databaseVersionProblems(profile),
    ...instanceClassProblems(profile),
    ...deploymentProblems(profile),
    ...ingressProblems(profile),
    ...apiGatewayProblems(profile),
  ];
}

function serviceProblems({ service }: DeploymentProfile): Problem[] {
  const problems: Problem[] = [];
  const { minTasks, maxTasks, cpuUnits, memoryMiB } = service;
  if (minTasks > maxTasks) {
    problems.push({ field: 'service.minTasks', value: minTasks, remedy: `lower it to service.maxTasks (${maxTasks})` });
  }
  const [minimum, maximum, step] = fargateMemoryMiB[cpuUnits] ?? [0, Infinity, 1];
  if (memoryMiB < minimum || memoryMiB > maximum || memoryMiB % step !== 0) {
    problems.push({
      field: 'service.memoryMiB',
      value: memoryMiB,
      remedy: `with ${cpuUnits} CPU units Fargate offers ${minimum} to ${maximum} MiB in steps of ${step}`,
    });
  }
  return problems;
}

function databaseProblems(profile: DeploymentProfile): Problem[] {
  const { database, backupVerification } = profile;
  return [
    ...authenticationProblems(database),
    ...capacityProblems(database),
    ...loginProblems(profile),
    ...backupProblems(database, backupVerification),
  ];
}

/** A drill restores snapshots of clusters; those of a single instance are restored by other calls. */
function backupProblems(
  { kind }: DeploymentProfile['database'],
  drill: DeploymentProfile['backupVerification'],
): Problem[] {
  if (drill === undefined || kind !== 'multi-az-instance') return [];
  return [
    {
      field: 'backupVerification',
      value: drill,
      remedy: `with database.kind ${kind} there is no restore drill; leave it out, or choose an Aurora cluster`,
    },
  ];
}

/** A password that the API can use exists in a connection string only. */
function authenticationProblems({ clientAuthentication, credentials }: DeploymentProfile['database']): Problem[] {
  const needed = credentials.kind === 'connection-string' ? 'password' : 'iam';
  if (clientAuthentication === needed) return [];
  return [
    {
      field: 'database.clientAuthentication',
      value: clientAuthentication,
      remedy: `with database.credentials.kind ${credentials.kind} use ${needed}`,
    },
  ];
}

/** The functions of these parts have logins of their own, whose passwords nobody would rotate. */
function loginProblems({ database, paymentQueue, apiKeyRotationDays }: DeploymentProfile): Problem[] {
  if (database.clientAuthentication === 'iam') return [];
  return Object.entries({ paymentQueue, apiKeyRotationDays })
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => ({
      field,
      value,
      remedy: 'with database.clientAuthentication password leave it out',
    }));
}

function capacityProblems(database: DeploymentProfile['database']): Problem[] {
  if (!('minCapacityAcu' in database) || database.minCapacityAcu <= database.maxCapacityAcu) return [];
  return [
    {
      field: 'database.minCapacityAcu',
      value: database.minCapacityAcu,
      remedy: `lower it to database.maxCapacityAcu (${database.maxCapacityAcu})`,
    },
  ];
}

function ingressProblems({ ingress, domain, site }: DeploymentProfile): Problem[] {
  const problems: Problem[] = [];
  if (ingress.kind === 'public-https' && !domain.required) {
    problems.push({
      field: 'domain.required',
      value: false,
      remedy: 'a load balancer that the internet reaches by HTTPS needs a name and a certificate; set it to true',
    });
  }
  if (ingress.kind === 'cloudfront' && !site) {
    problems.push({
      field: 'site',
      value: undefined,
      remedy: 'CloudFront, the only way in, comes with the console; keep it, or choose another ingress.kind',
    });
  }
  if (domain.zone === 'created' && site) {
    problems.push({
      field: 'domain.zone',
      value: domain.zone,
      remedy:
        'the console and the API stand in two stacks and need one zone that exists before both; use existing, or leave site out',
    });
  }
  return problems;
}

/** A deployment is waited for within CloudFormation's one hour for a custom resource, health checks and clean-up included. */
const longestShiftMinutes = 40;

function deploymentProblems({ deployment }: DeploymentProfile): Problem[] {
  const { trafficShift, terminationWaitMinutes } = deployment;
  const total = shiftMinutes(trafficShift) + terminationWaitMinutes;
  if (total <= longestShiftMinutes) return [];
  return [
    {
      field: 'deployment.trafficShift',
      value: trafficShift,
      remedy: `with deployment.terminationWaitMinutes it takes ${total} minutes; shorten both to ${longestShiftMinutes} together`,
    },
  ];
}

function shiftMinutes(shift: TrafficShiftConfig): number {
  if (shift.kind === 'canary') return shift.bakeMinutes;
  if (shift.kind === 'linear') return Math.ceil(100 / shift.stepPercent) * shift.stepMinutes;
  return 0;
}
