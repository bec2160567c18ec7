import { CfnSamplingRule } from 'aws-cdk-lib/aws-xray';
import { Construct } from 'constructs';
import type { ResourceNames } from '../core/resource-names';

export interface SamplingRulesProps {
  readonly names: ResourceNames;
  readonly samplingPercent: number;
}

/**
 * X-Ray sampling rules for the services of this environment.
 *
 * The reservoir is 0, because X-Ray would trace that many requests per second in addition to the rate. The rules do not apply to Lambda,
 * which uses the sampling decision of its caller or its own.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
 */
export class SamplingRules extends Construct {
  constructor(scope: Construct, id: string, props: SamplingRulesProps) {
    super(scope, id);
    const { names, samplingPercent } = props;
    const rule = (ruleId: string, purpose: string, serviceName: string) =>
      new CfnSamplingRule(this, ruleId, {
        samplingRule: {
          ruleName: names.of('sampling-rule', purpose),
          // Evaluated before the default rule.
          priority: 1000,
          fixedRate: samplingPercent / 100,
          reservoirSize: 0,
          serviceName,
          serviceType: '*',
          host: '*',
          httpMethod: '*',
          urlPath: '*',
          resourceArn: '*',
          version: 1,
        },
      });
    // The service name of an API Gateway is the name of the API and the stage.
    rule('Api', 'api', `*-${names.suffix}`);
    rule('Stage', 'stage', `*-${names.suffix}/*`);
  }
}
