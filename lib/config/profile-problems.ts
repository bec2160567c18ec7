import { assertNever } from '../core/assert-never';
import { apiGatewayProblems } from './api-gateway-problems';
import { canaryProblems } from './canary-problems';
import type { Problem } from './configuration-error';
import { credentialTraits } from './database-config';
import { instanceClassProblems } from './database-instance-classes';
import { databaseVersionProblems } from './database-version-problems';
import type { DeploymentProfile, TrafficShiftConfig } from './deployment-profile';
import { networkProblems } from './network-problems';
import { restoredDatabaseProblems } from './restored-database-problems';
import { signInProblems } from './sign-in-problems';
import { tagProblems } from './tag-problems';

/**
 * Memory that Fargate offers for each CPU size, in MiB: [minimum, maximum, step].
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
const fargateMemoryMiB: Record<number, readonly [number, number, number]> = {
  256: [512, 2048, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16384, 1024],
  4096: [8192, 30720, 1024],
};

/** All conflicts between fields of one profile. The schema checks each field by itself. */
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
    ...canaryProblems(profile),
    ...signInProblems(profile),
  ];
}

function serviceProblems({ service }: DeploymentProfile): Problem[] {
  const problems: Problem[] = [];
  const { minTasks, maxTasks, cpuUnits, memoryMiB } = service;
  if (minTasks > maxTasks) {
    problems.push({
      field: 'service.minTasks',
      value: minTasks,
      message: `It exceeds service.maxTasks (${maxTasks}). Lower it, or raise service.maxTasks.`,
    });
  }
  const [minimum, maximum, step] = fargateMemoryMiB[cpuUnits] ?? [0, Infinity, 1];
  if (memoryMiB < minimum || memoryMiB > maximum || memoryMiB % step !== 0) {
    problems.push({
      field: 'service.memoryMiB',
      value: memoryMiB,
      message: `With ${cpuUnits} CPU units, Fargate offers ${minimum} to ${maximum} MiB in steps of ${step}. Use one of these values, or change service.cpuUnits.`,
    });
  }
  return problems;
}

function databaseProblems(profile: DeploymentProfile): Problem[] {
  const { database, restoreDrill } = profile;
  return [
    ...authenticationProblems(database),
    ...capacityProblems(database),
    ...loginProblems(profile),
    ...restoredDatabaseProblems(profile),
    ...restoreDrillProblems(database, restoreDrill),
  ];
}

/** The restore drill restores cluster snapshots. The snapshot of a single instance needs other API calls. */
function restoreDrillProblems(
  { kind }: DeploymentProfile['database'],
  drill: DeploymentProfile['restoreDrill'],
): Problem[] {
  if (drill === undefined || kind !== 'multi-az-instance') return [];
  return [
    {
      field: 'restoreDrill',
      value: drill,
      message: `The restore drill supports only Aurora clusters, and database.kind is ${kind}. Remove restoreDrill, or use an Aurora database.`,
    },
  ];
}

/** Only the connection string holds a password that the API can use. */
function authenticationProblems({ clientAuthentication, credentials }: DeploymentProfile['database']): Problem[] {
  const needed = credentialTraits[credentials.kind].clientAuthentication;
  if (clientAuthentication === needed) return [];
  return [
    {
      field: 'database.clientAuthentication',
      value: clientAuthentication,
      message: `database.credentials.kind is ${credentials.kind}, which requires ${needed}. Use ${needed}, or change the credentials.`,
    },
  ];
}

/** The functions of these parts log in as their own database users. With passwords, those would need a rotation of their own. */
function loginProblems({ database, paymentQueue, apiKeyRotationDays }: DeploymentProfile): Problem[] {
  if (database.clientAuthentication === 'iam') return [];
  return Object.entries({ paymentQueue, apiKeyRotationDays })
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => ({
      field,
      value,
      message: `It needs IAM database authentication, and database.clientAuthentication is password. Remove ${field}, or use iam.`,
    }));
}

function capacityProblems(database: DeploymentProfile['database']): Problem[] {
  if (!('minCapacityAcu' in database) || database.minCapacityAcu <= database.maxCapacityAcu) return [];
  return [
    {
      field: 'database.minCapacityAcu',
      value: database.minCapacityAcu,
      message: `It exceeds database.maxCapacityAcu (${database.maxCapacityAcu}). Lower it, or raise database.maxCapacityAcu.`,
    },
  ];
}

function ingressProblems({ ingress, domain, site }: DeploymentProfile): Problem[] {
  const problems: Problem[] = [];
  if (ingress.kind === 'public-https' && !domain.required) {
    problems.push({
      field: 'domain.required',
      value: false,
      message:
        'ingress.kind is public-https, and an HTTPS listener needs a domain name for its certificate. Set it to true.',
    });
  }
  if (ingress.kind === 'cloudfront' && !site) {
    problems.push({
      field: 'site',
      value: undefined,
      message:
        'ingress.kind is cloudfront, and the distribution is part of the console. Add site, or use another ingress.kind.',
    });
  }
  if (domain.zone === 'created' && site) {
    problems.push({
      field: 'domain.zone',
      value: domain.zone,
      message:
        'The console and the API are in different stacks and share one hosted zone, which must exist before both. Use existing, or remove site.',
    });
  }
  return problems;
}

function deploymentProblems(profile: DeploymentProfile): Problem[] {
  const { deployment } = profile;
  switch (deployment.kind) {
    case 'code-deploy-blue-green':
      return durationProblems(deployment.trafficShift, {
        field: 'terminationWaitMinutes',
        minutes: deployment.terminationWaitMinutes,
        longest: longestCodeDeployMinutes,
      });
    case 'ecs-blue-green':
      return [
        ...durationProblems(deployment.trafficShift, {
          field: 'bakeMinutes',
          minutes: deployment.bakeMinutes,
          longest: longestEcsMinutes,
        }),
        ...linearStepProblems(deployment.trafficShift),
        ...queueProblems(profile),
      ];
    default:
      return assertNever(deployment);
  }
}

/** CloudFormation waits one hour for a custom resource. The rest of the hour is for health checks and clean-up. */
const longestCodeDeployMinutes = 40;
/** CloudFormation waits three hours for a service. The rest is for migrations, health checks and clean-up. */
const longestEcsMinutes = 90;

function durationProblems(
  trafficShift: TrafficShiftConfig,
  wait: { readonly field: string; readonly minutes: number; readonly longest: number },
): Problem[] {
  const total = shiftMinutes(trafficShift) + wait.minutes;
  if (total <= wait.longest) return [];
  return [
    {
      field: 'deployment.trafficShift',
      value: trafficShift,
      message: `With deployment.${wait.field}, a deployment takes ${total} minutes, and the limit is ${wait.longest}. Shorten the shift or ${wait.field}.`,
    },
  ];
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html */
function linearStepProblems(shift: TrafficShiftConfig): Problem[] {
  if (shift.kind !== 'linear' || shift.stepPercent >= 3) return [];
  return [
    { field: 'deployment.trafficShift.stepPercent', value: shift.stepPercent, message: 'With ECS, use at least 3.' },
  ];
}

/** The consumer must be updated between the migrations and the new tasks. ECS runs both within one update of the service. */
function queueProblems({ deployment, paymentQueue }: DeploymentProfile): Problem[] {
  if (!paymentQueue) return [];
  return [
    {
      field: 'deployment.kind',
      value: deployment.kind,
      message:
        'With paymentQueue, the consumer must be updated between the migrations and the new tasks, which ECS cannot do. Use code-deploy-blue-green, or remove paymentQueue.',
    },
  ];
}

function shiftMinutes(shift: TrafficShiftConfig): number {
  if (shift.kind === 'canary') return shift.bakeMinutes;
  if (shift.kind === 'linear') return Math.ceil(100 / shift.stepPercent) * shift.stepMinutes;
  return 0;
}
