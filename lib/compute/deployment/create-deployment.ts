import { Duration } from 'aws-cdk-lib';
import { TrafficRouting } from 'aws-cdk-lib/aws-codedeploy';
import type { Construct } from 'constructs';
import { UnbuiltVariantError } from '../../config/configuration-error';
import type { DeploymentConfig, TrafficShiftConfig } from '../../config/deployment-profile';
import { assertNever } from '../../conventions/assert-never';
import type { ResourceNames } from '../../conventions/resource-names';
import { CodeDeployBlueGreen } from './code-deploy-blue-green';
import type { DeploymentSteps } from './deployment-steps';
import type { IServiceDeployment } from './service-deployment';

/** The one place that knows which construct serves which way of deploying. */
export function createDeployment(
  scope: Construct,
  id: string,
  config: DeploymentConfig,
  props: { readonly names: ResourceNames; readonly steps: DeploymentSteps },
): IServiceDeployment {
  switch (config.kind) {
    case 'code-deploy-blue-green':
      return new CodeDeployBlueGreen(scope, id, {
        ...props,
        config,
        trafficRouting: trafficRoutingOf(config.trafficShift),
      });
    case 'ecs-blue-green':
    case 'rolling-update':
      throw new UnbuiltVariantError('deployment.kind', config.kind, ['code-deploy-blue-green']);
    default:
      return assertNever(config);
  }
}

function trafficRoutingOf(shift: TrafficShiftConfig): TrafficRouting {
  switch (shift.kind) {
    case 'all-at-once':
      return TrafficRouting.allAtOnce();
    case 'canary':
      return TrafficRouting.timeBasedCanary({
        percentage: shift.firstPercent,
        interval: Duration.minutes(shift.bakeMinutes),
      });
    case 'linear':
      return TrafficRouting.timeBasedLinear({
        percentage: shift.stepPercent,
        interval: Duration.minutes(shift.stepMinutes),
      });
    default:
      return assertNever(shift);
  }
}
