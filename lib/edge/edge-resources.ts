import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** What the edge tier offers to the observability tier. */
export interface EdgeResources {
  /** Where merchants reach the platform: `https://…`. */
  readonly url: string;
  /** Alarms of this tier, which may be in another region; they notify by themselves. */
  readonly alarmArns: readonly string[];
  readonly metrics: {
    /** What web ACLs have refused, one figure for each. */
    readonly blockedRequests: readonly IMetric[];
    /** What CloudFront says, which reports in us-east-1, or the API Gateway; `undefined` where the profile has neither. */
    readonly requests: IMetric | undefined;
    readonly serverErrorPercent: IMetric | undefined;
    /** What the API Gateway says. */
    readonly clientErrorPercent: IMetric | undefined;
    readonly latencyP99Seconds: IMetric | undefined;
  };
}
