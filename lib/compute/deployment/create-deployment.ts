import { Duration } from 'aws-cdk-lib';
import { TrafficRouting } from 'aws-cdk-lib/aws-codedeploy';
import { DeploymentStrategy } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { DeploymentConfig, TrafficShiftConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';
import type { ResourceNames } from '../../core/resource-names';
import type { SchemaMigration } from '../migrations/schema-migration';
import { CodeDeployBlueGreen, type TrafficShift } from './code-deploy-blue-green';
import { DeploymentSteps } from './deployment-steps';
import { EcsBlueGreen, type EcsStrategy } from './ecs-blue-green';
import type { IServiceDeployment } from './service-deployment';

/** Creates the deployment strategy of a profile. */
export function createDeployment(
  scope: Construct,
  id: string,
  config: DeploymentConfig,
  { names, migration }: { readonly names: ResourceNames; readonly migration: SchemaMigration },
): IServiceDeployment {
  switch (config.kind) {
    case 'code-deploy-blue-green': {
      const steps = new DeploymentSteps(scope, 'DeploymentSteps', { names });
      const shift = codeDeployShift(config.trafficShift);
      return new CodeDeployBlueGreen(scope, id, {
        names,
        config,
        shift,
        steps,
        migrationRun: migration.runAsStep(steps),
      });
    }
    case 'ecs-blue-green':
      return new EcsBlueGreen(scope, id, { names, config, migration, strategy: ecsStrategy(config.trafficShift) });
    default:
      return assertNever(config);
  }
}

/** How CodeDeploy moves traffic, as the profile says it. */
function codeDeployShift(shift: TrafficShiftConfig): TrafficShift {
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

/**
 * How ECS moves traffic, as the profile says it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
function ecsStrategy(shift: TrafficShiftConfig): EcsStrategy {
  switch (shift.kind) {
    case 'all-at-once':
      return { deploymentStrategy: DeploymentStrategy.BLUE_GREEN };
    case 'canary':
      return {
        deploymentStrategy: DeploymentStrategy.CANARY,
        canaryConfiguration: {
          stepPercent: shift.firstPercent,
          stepBakeTime: Duration.minutes(shift.bakeMinutes),
        },
      };
    case 'linear':
      return {
        deploymentStrategy: DeploymentStrategy.LINEAR,
        linearConfiguration: {
          stepPercent: shift.stepPercent,
          stepBakeTime: Duration.minutes(shift.stepMinutes),
        },
      };
    default:
      return assertNever(shift);
  }
}
