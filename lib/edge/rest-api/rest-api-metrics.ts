import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import type { ResourceNames } from '../../core/resource-names';
import { stageName } from './exposed-operations';

const period = Duration.minutes(5);

/** CloudWatch metrics of a REST API. */
export interface RestApiMetrics {
  readonly requests: IMetric;
  readonly clientErrorPercent: IMetric;
  readonly serverErrorPercent: IMetric;
  readonly latencyP99Seconds: IMetric;
}

/** The metrics of the REST API, by its name, so that other stacks need no reference. */
export function restApiMetrics(names: ResourceNames): RestApiMetrics {
  const metric = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      statistic,
      period,
      dimensionsMap: { ApiName: names.of('rest-api'), Stage: stageName },
    });
  // Ids must be unique within a graph, and one graph shows both metrics.
  const percent = (id: string, metricName: string, label: string) =>
    new MathExpression({
      label,
      period,
      expression: `100 * ${id}`,
      usingMetrics: { [id]: metric(metricName, Stats.AVERAGE) },
    });
  return {
    requests: metric('Count', Stats.SUM),
    clientErrorPercent: percent('clientErrors', '4XXError', 'API Gateway, 4xx, %'),
    serverErrorPercent: percent('serverErrors', '5XXError', 'API Gateway, 5xx, %'),
    latencyP99Seconds: new MathExpression({
      label: 'API Gateway, p99',
      period,
      expression: 'milliseconds / 1000',
      usingMetrics: { milliseconds: metric('Latency', Stats.percentile(99)) },
    }),
  };
}

/** Alarms on the metrics of the REST API. */
export function restApiAlarms({ serverErrorPercent }: RestApiMetrics, errorRatePercent: number): AlarmDefinition[] {
  return [
    {
      id: 'rest-api-error-rate',
      severity: 'page',
      meaning: `More than ${errorRatePercent} % of requests to the API Gateway fail.`,
      firstLook: 'Look whether api-error-rate fires too, then at the execution log of the API Gateway.',
      metric: serverErrorPercent,
      threshold: errorRatePercent,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 2,
    },
  ];
}
