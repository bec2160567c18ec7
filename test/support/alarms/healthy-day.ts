import type { Samples } from './evaluate-alarm';
import type { NamedMetric } from './template-alarms';

/** Published data of the matching metrics in one minute. */
export type MetricRule = readonly [metric: RegExp, samplesAt: (minute: number) => Samples];

const minutesOfDay = 1440;

/** The minute of the day, also for days before the first. */
function minuteOfDay(minute: number): number {
  return ((minute % minutesOfDay) + minutesOfDay) % minutesOfDay;
}

export const nothing = (): Samples => undefined;

export const always =
  (...samples: number[]) =>
  (): Samples =>
    samples;

/** From 1 to 5 o'clock there is one payment a minute, which is declined. */
const isNight = (minute: number) => minuteOfDay(minute) >= 60 && minuteOfDay(minute) < 300;

const byDay =
  (...samples: number[]) =>
  (minute: number): Samples =>
    isNight(minute) ? undefined : samples;

const every =
  (minutes: number, ...samples: number[]) =>
  (minute: number): Samples =>
    minuteOfDay(minute) % minutes === 0 ? samples : undefined;

const byDayEvery =
  (minutes: number, ...samples: number[]) =>
  (minute: number): Samples =>
    isNight(minute) ? undefined : every(minutes, ...samples)(minute);

const byNightEvery =
  (minutes: number, day: Samples, night: Samples) =>
  (minute: number): Samples =>
    isNight(minute) ? every(minutes, ...(night ?? []))(minute) : day;

/** Scanners that bypass the CloudFront distribution, with a few requests a minute. */
const scanners = always(5);

/**
 * A day on which nothing is wrong: traffic by day, scanners at any time, a few failures, nothing at night. As AWS publishes it: counts of
 * load balancers only where they are not zero, Step Functions and Lambda errors only when they happen.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export const healthyDay: readonly MetricRule[] = [
  [/^AWS\/ApplicationELB\/RequestCount /, byDay(1020)],
  [/^AWS\/ApplicationELB\/HTTPCode_Target_2XX_Count /, byDay(1000)],
  [/^AWS\/ApplicationELB\/HTTPCode_Target_3XX_Count /, nothing],
  [/^AWS\/ApplicationELB\/HTTPCode_Target_4XX_Count /, byDay(20)],
  [/^AWS\/ApplicationELB\/HTTPCode_Target_5XX_Count /, byDayEvery(7, 2)],
  [/^AWS\/ApplicationELB\/HTTPCode_ELB_5XX_Count /, byDayEvery(11, 1)],
  [/^AWS\/ApplicationELB\/HTTP_Fixed_Response_Count /, scanners],
  [/^AWS\/ApplicationELB\/TargetResponseTime /, byDay(0.02, 0.05, 0.4)],
  [/^AWS\/ApplicationELB\/UnHealthyHostCount .*Blue/, always(0)],
  [/^AWS\/ApplicationELB\/UnHealthyHostCount .*Green/, nothing],
  [/^ECS\/ContainerInsights\/RunningTaskCount /, always(3)],
  [/^AWS\/CloudFront\/5xxErrorRate /, byDay(0.2)],
  [/^AWS\/ApiGateway\/5XXError /, byDay(0.002)],
  [/^AWS\/WAFV2\/BlockedRequests /, every(3, 20)],
  [/^AWS\/RDS\/CPUUtilization /, always(30)],
  [/^AWS\/RDS\/FreeableMemory /, always(1024 ** 3)],
  [/^AWS\/RDS\/DatabaseConnections /, always(30)],
  [/^PaymentPlatform\/PaymentsProcessed /, byNightEvery(1, [30], [1])],
  [/^PaymentPlatform\/PaymentsApproved /, byDay(27)],
  [/^PaymentPlatform\/OutboxLag /, always(0, 0.5)],
  [/^PaymentPlatform\/WebhookLag /, always(0, 4)],
  [/^PaymentPlatform\/WebhooksParked /, nothing],
  [/^PaymentPlatform\/LedgerAlterations /, (minute) => (minuteOfDay(minute) === 200 ? [0] : undefined)],
  [/^PaymentPlatform\/RequestsRefused /, byDayEvery(30, 20)],
  [/^PaymentPlatform\/AccessLogLinesLeftOut /, nothing],
  [/^PaymentPlatform\/RestoreDrillLeftOver /, (minute) => (minuteOfDay(minute) === 225 ? [0] : undefined)],
  [/^AWS\/SQS\/ApproximateNumberOfMessagesVisible .*DeadLetter/, always(0)],
  [/^AWS\/SQS\/ApproximateAgeOfOldestMessage /, always(1)],
  [/^AWS\/Lambda\/Invocations .*AvailabilityProbe/, always(1)],
  [/^AWS\/Lambda\/Invocations .*[cC]anary/, every(5, 1)],
  [/^AWS\/Lambda\/(Errors|DeadLetterErrors) /, nothing],
  [/^AWS\/States\/ExecutionsSucceeded /, (minute) => (minuteOfDay(minute) === 225 ? [1] : undefined)],
  [/^AWS\/States\/Executions(Failed|TimedOut|Aborted) /, nothing],
  [/^AWS\/Firehose\/DeliveryToS3.DataFreshness /, always(300)],
  [/^AWS\/S3\/OperationsFailedReplication /, always(0)],
  [/^AWS\/S3\/ReplicationLatency /, byDay(20)],
  [/^AWS\/CertificateManager\/DaysToExpiry /, every(720, 200)],
  [/^AWS\/EC2\/StatusCheckFailed(_System|_Instance)? /, always(0)],
];

/** Namespace, name and dimensions in one line, for rules to match. */
export function metricText({ namespace, metricName, dimensions }: NamedMetric): string {
  return `${namespace}/${metricName} ${JSON.stringify(dimensions)}`;
}

/** @throws when no rule knows the metric */
export function ruleOf(rules: readonly MetricRule[], metric: NamedMetric): MetricRule {
  const found = rules.find(([pattern]) => pattern.test(metricText(metric)));
  if (!found) throw new Error(`No rule says what is published of ${metricText(metric)}; add it to the healthy day.`);
  return found;
}
