import { CfnSamplingRule } from 'aws-cdk-lib/aws-xray';
import { Construct } from 'constructs';
import type { ResourceNames } from '../core/resource-names';

/** What the rules are told. */
export interface SamplingRulesProps {
  readonly names: ResourceNames;
  readonly samplingPercent: number;
}

/**
 * Which share of requests X-Ray follows, for all services of this environment and for no other environment of the account.
 *
 * Without a reservoir: X-Ray would follow that many requests a second besides the share. Functions cannot be told; Lambda follows what its
 * caller decided, and otherwise decides by itself.
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
          // Before the default rule, which is the last of all.
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
    // A service is known by its own name, a stage of an API Gateway by the API's and its own.
    rule('Api', 'api', `*-${names.suffix}`);
    rule('Stage', 'stage', `*-${names.suffix}/*`);
  }
}
