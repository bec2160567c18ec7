import type { Duration } from 'aws-cdk-lib';
import { type CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import { businessMetric } from '../constructs/business-metric';
import { PlatformStack } from '../core/platform-stack';
import type { ResourceNames } from '../core/resource-names';

/** Refusals a minute at which a task is added, and at which three are. */
const threshold = 60;
const manyAboveThreshold = 3000;

/**
 * Adds tasks while the API refuses requests. Target tracking follows CPU and memory, and an overloaded task may use no more CPU than a busy
 * one. Tasks are removed by target tracking alone.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-step-scaling-policies.html
 */
export function scaleOutOnRefusals(capacity: ScalableTaskCount, names: ResourceNames, cooldown: Duration): void {
  // The task count does not expose its target, and its `scaleOnMetric` creates an alarm without a name and a description.
  const { ref: scalingTargetId } = capacity.node.findChild('Target').node.defaultChild as CfnScalableTarget;
  const policy = new CfnScalingPolicy(capacity, 'Refused', {
    policyName: names.of('scaling-policy', 'api-refusing'),
    policyType: 'StepScaling',
    scalingTargetId,
    stepScalingPolicyConfiguration: {
      adjustmentType: 'ChangeInCapacity',
      cooldown: cooldown.toSeconds(),
      metricAggregationType: 'Maximum',
      // Bounds are relative to the threshold of the alarm.
      stepAdjustments: [
        { metricIntervalLowerBound: 0, metricIntervalUpperBound: manyAboveThreshold, scalingAdjustment: 1 },
        { metricIntervalLowerBound: manyAboveThreshold, scalingAdjustment: 3 },
      ],
    },
  });
  new Alarm(capacity, 'RefusedAlarm', {
    alarmName: names.of('alarm', 'api-refusing-scale-out'),
    alarmDescription: PlatformStack.of(capacity).runbook.describe(
      'api-refusing',
      'The payments API refuses requests because it is overloaded. Auto Scaling adds tasks automatically.',
    ),
    metric: businessMetric(names.suffix, 'RequestsRefused', Stats.SUM),
    threshold,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  }).addAlarmAction({ bind: () => ({ alarmActionArn: policy.ref }) });
}
