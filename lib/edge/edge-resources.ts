import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** What the edge tier offers to the observability tier. Its metrics live in us-east-1. */
export interface EdgeResources {
  /** Where a browser opens the merchant console: `https://…`. */
  readonly url: string;
  readonly metrics: {
    readonly requests: IMetric;
    readonly serverErrorPercent: IMetric;
    readonly blockedRequests: IMetric;
  };
}
