import { Duration } from 'aws-cdk-lib';
import { TrafficRouting } from 'aws-cdk-lib/aws-codedeploy';
import type { Construct } from 'constructs';
import type { DeploymentConfig, TrafficShiftConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';
import type { ResourceNames } from '../../core/resource-names';
import type { SchemaMigration } from '../migrations/schema-migration';
import { CodeDeployBlueGreen, type TrafficShift } from './code-deploy-blue-green';
import { DeploymentSteps } from './deployment-steps';
import type { IServiceDeployment } from './service-deployment';

/** Creates the deployment strategy of a profile. */
export function createDeployment(
  scope: Construct,
  id: string,
  config: DeploymentConfig,
  { names, migration }: { readonly names: ResourceNames; readonly migration: SchemaMigration },
): IServiceDeployment {
  const steps = new DeploymentSteps(scope, 'DeploymentSteps', { names });
  return new CodeDeployBlueGreen(scope, id, {
    names,
    config,
    steps,
    migrationRun: migration.runAsStep(steps),
    shift: trafficShiftOf(config.trafficShift),
  });
}

function trafficShiftOf(shift: TrafficShiftConfig): TrafficShift {
  switch (shift.kind) {
    case 'all-at-once':
      return { name: 'all-at-once', routing: TrafficRouting.allAtOnce() };
    case 'canary': {
      const { firstPercent: percentage, bakeMinutes } = shift;
      return {
        name: `canary-${percentage}-percent-${bakeMinutes}-minutes`,
        routing: TrafficRouting.timeBasedCanary({ percentage, interval: Duration.minutes(bakeMinutes) }),
      };
    }
    case 'linear': {
      const { stepPercent: percentage, stepMinutes } = shift;
      return {
        name: `linear-${percentage}-percent-${stepMinutes}-minutes`,
        routing: TrafficRouting.timeBasedLinear({ percentage, interval: Duration.minutes(stepMinutes) }),
      };
    }
    default:
      return assertNever(shift);
  }
}
