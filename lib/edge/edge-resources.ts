import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** The resources of the edge tier for the observability tier. */
export interface EdgeResources {
  /** The public URL of the platform: `https://…`. */
  readonly url: string;
  /** The id of the canary's key of the API Gateway. `undefined` without a canary or an API Gateway. */
  readonly canaryGatewayKeyId: string | undefined;
  /** Alarms of this tier. They may be in another region and have their own topic. */
  readonly alarmArns: readonly string[];
  readonly metrics: {
    /** Blocked requests of each web ACL. */
    readonly blockedRequests: readonly IMetric[];
    /** Of CloudFront, in us-east-1, or of the API Gateway; `undefined` if the profile has neither. */
    readonly requests: IMetric | undefined;
    readonly serverErrorPercent: IMetric | undefined;
    /** Of the API Gateway. */
    readonly clientErrorPercent: IMetric | undefined;
    readonly latencyP99Seconds: IMetric | undefined;
  };
}
