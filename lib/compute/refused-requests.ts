import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import { filledSum } from './filled-sum';

const period = Duration.minutes(5);
/** The minimum number of 403 responses, because at night scanners may be the only clients. */
const leastRefused = 50;

/**
 * The alarm on 403 responses of the listener, if CloudFront must send a secret header. With a wrong secret, the listener rejects every
 * request and no metric counts a 5xx response. Scanners that bypass CloudFront are rejected too, so the alarm evaluates the percentage.
 *
 * @param loadBalancerFullName `app/NAME/ID`
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function refusedRequests(loadBalancerFullName: string): AlarmDefinition {
  const count = (metricName: string) =>
    new Metric({
      namespace: 'AWS/ApplicationELB',
      metricName,
      statistic: Stats.SUM,
      period,
      dimensionsMap: { LoadBalancer: loadBalancerFullName },
    });
  const responses = {
    refused: count('HTTP_Fixed_Response_Count'),
    target2xx: count('HTTPCode_Target_2XX_Count'),
    target3xx: count('HTTPCode_Target_3XX_Count'),
    target4xx: count('HTTPCode_Target_4XX_Count'),
    target5xx: count('HTTPCode_Target_5XX_Count'),
  };
  const all = filledSum(responses);
  return {
    id: 'api-refused-requests',
    severity: 'page',
    meaning:
      'The load balancer returns 403 for more than half of the requests. CloudFront may send a wrong origin secret.',
    firstLook: 'Look whether the public address returns 403 for /api/v1/openapi.json.',
    metric: new MathExpression({
      label: 'requests without the origin secret, %',
      period,
      expression: `IF(FILL(refused, 0) >= ${leastRefused}, 100 * FILL(refused, 0) / (${all}), 0)`,
      usingMetrics: responses,
    }),
    threshold: 50,
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 2,
  };
}
