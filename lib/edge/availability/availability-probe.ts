import { Duration } from 'aws-cdk-lib';
import { MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import { HandlerFunction } from '../../constructs/handler-function';
import type { ResourceNames } from '../../core/resource-names';
import { addOutput } from '../../core/add-output';
import type { ProbeTarget } from './probe-targets';

export interface AvailabilityProbeProps {
  readonly names: ResourceNames;
  readonly targets: readonly ProbeTarget[];
}

const interval = Duration.minutes(1);

/**
 * Probes each public URL once a minute. Metrics of the platform do not show an expired certificate or a broken DNS record, because no
 * requests arrive then.
 *
 * Route 53 health checks were rejected: their metrics exist only in us-east-1, so other regions would need another stack for one alarm. The
 * function costs about 0.30 USD a month.
 */
export class AvailabilityProbe extends Construct {
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: AvailabilityProbeProps) {
    super(scope, id);
    const { names, targets } = props;
    const { function: probe } = new HandlerFunction(this, 'Function', {
      names,
      purpose: 'availability-probe',
      description: 'Probes the public addresses of the platform once a minute',
      source: 'edge/availability/availability-probe.lambda.ts',
      environment: { TARGETS: JSON.stringify(targets) },
    });
    addOutput(this, 'AvailabilityProbeLogGroupName', probe.logGroup.logGroupName);
    // No retries, because the next probe follows in a minute and a retry would count a failure twice.
    probe.configureAsyncInvoke({ retryAttempts: 0 });
    new Rule(this, 'Schedule', {
      ruleName: names.of('rule', 'availability-probe'),
      description: 'Starts the availability probe',
      schedule: Schedule.rate(interval),
      targets: [new LambdaFunction(probe, { retryAttempts: 0 })],
    });
    this.alarms = [
      {
        id: 'availability',
        severity: 'page',
        meaning: 'A public address of the platform does not respond, or its probe has stopped.',
        firstLook: 'Look at the log of the function availability-probe, which names the address and the reason.',
        // A minute without a run counts as a failure.
        metric: new MathExpression({
          expression: 'IF(FILL(runs, 0) > 0, FILL(errors, 0), 1)',
          label: 'Failed or missing probes',
          usingMetrics: {
            runs: probe.metricInvocations({ period: interval }),
            errors: probe.metricErrors({ period: interval }),
          },
          period: interval,
        }),
        threshold: 1,
        evaluationPeriods: 3,
        missingData: TreatMissingData.BREACHING,
      },
    ];
  }
}
