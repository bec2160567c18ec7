import { always, type MetricRule, nothing } from './healthy-day';

/** An incident with the metric data that differs from a healthy day. */
export interface Scene {
  /** The minute of the day at which it begins. @default 720, noon */
  readonly from?: number;
  /** How long it lasts. @default 60 */
  readonly minutes?: number;
  readonly changes: readonly MetricRule[];
  /** The alarms that must fire, if the profile has them. No other alarm may fire. */
  readonly fires: readonly string[];
}

const target = (codes: string) => new RegExp(`^AWS/ApplicationELB/HTTPCode_Target_(${codes})_Count `);
const noPayments: MetricRule = [/^PaymentPlatform\//, nothing];
const noAnswers: readonly MetricRule[] = [
  // The load balancer counts only requests for which it finds a target.
  [/^AWS\/ApplicationELB\/RequestCount /, nothing],
  [target('2XX|3XX|4XX|5XX'), nothing],
  [/^AWS\/ApplicationELB\/TargetResponseTime /, nothing],
  noPayments,
];
const errorRates = [
  'api-error-rate',
  'rollback-server-errors',
  'deployment-rollback',
  'edge-error-rate',
  'rest-api-error-rate',
];
/** The alarms of an objective on one burn rate: its windows, and the composite alarm. */
const burns = (objective: string) => ({
  fastest: ['14-4x-1h', '14-4x-5m', 'fast-burn'].map((alarm) => `slo-${objective}-${alarm}`),
  fast: ['6x-6h', '6x-30m', 'fast-burn'].map((alarm) => `slo-${objective}-${alarm}`),
  slow: ['1x-3d', '1x-6h', 'slow-burn'].map((alarm) => `slo-${objective}-${alarm}`),
});
/** They have no least count, and notify nobody. */
const shortWindows = ['slo-availability-14-4x-5m', 'slo-availability-6x-30m'];
const everyBurn = (objective: string) => [...new Set(Object.values(burns(objective)).flat())];
const failing = (percent: number): readonly MetricRule[] => [
  [/^AWS\/CloudFront\/5xxErrorRate /, always(percent)],
  [/^AWS\/ApiGateway\/5XXError /, always(percent / 100)],
];
const lambdaErrors = (name: RegExp): MetricRule => [new RegExp(`^AWS/Lambda/Errors .*${name.source}`), always(1)];

const responses = (good: number, bad: number): readonly MetricRule[] => [
  [target('2XX'), always(good)],
  [target('5XX'), always(bad)],
];
/** The reviewed table of incidents and their alarms. */
export const scenes: Readonly<Record<string, Scene>> = {
  '2 % of responses are errors': {
    changes: [[target('2XX'), always(980)], [target('5XX'), always(20)], ...failing(2)],
    fires: [...errorRates, ...everyBurn('availability')],
  },
  'one of ten requests fails at night': {
    from: 120,
    changes: [
      [target('2XX'), (minute) => (minute === 125 ? [9] : undefined)],
      [target('5XX'), (minute) => (minute === 125 ? [1] : undefined)],
      [/^AWS\/CloudFront\/5xxErrorRate /, (minute) => (minute === 125 ? [10] : undefined)],
      [/^AWS\/ApiGateway\/5XXError /, (minute) => (minute === 125 ? [0.1] : undefined)],
    ],
    fires: shortWindows,
  },
  'one of ten requests fails for five minutes at night': {
    from: 120,
    minutes: 5,
    changes: responses(9, 1),
    fires: ['rollback-server-errors', 'deployment-rollback', ...shortWindows],
  },
  'one of a thousand requests fails for two days': {
    minutes: 2 * 1440,
    changes: responses(999, 1),
    fires: burns('availability').slow,
  },
  'total outage: no task runs': {
    changes: [
      ...noAnswers,
      [/^AWS\/ApplicationELB\/HTTPCode_ELB_5XX_Count /, always(1000)],
      [/^AWS\/ApplicationELB\/UnHealthyHostCount /, nothing],
      [/^ECS\/ContainerInsights\/RunningTaskCount /, always(0)],
      ...failing(100),
    ],
    fires: [...errorRates, ...everyBurn('availability'), 'api-tasks-missing'],
  },
  'no healthy target': {
    changes: [
      ...noAnswers,
      [/^AWS\/ApplicationELB\/HTTPCode_ELB_5XX_Count /, always(1000)],
      [/^AWS\/ApplicationELB\/UnHealthyHostCount .*Blue/, always(3)],
      ...failing(100),
    ],
    fires: [...errorRates, ...everyBurn('availability'), 'api-unhealthy-hosts', 'rollback-unhealthy-hosts'],
  },
  'one task fails its health check, and no requests come': {
    changes: [...noAnswers, [/^AWS\/ApplicationELB\/UnHealthyHostCount .*Green/, always(1)]],
    // Of the last few requests, one has failed.
    fires: ['api-unhealthy-hosts', 'rollback-unhealthy-hosts', 'deployment-rollback', ...shortWindows],
  },
  'a task is missing': {
    changes: [[/^ECS\/ContainerInsights\/RunningTaskCount /, always(2)]],
    fires: ['api-tasks-missing'],
  },
  'slow answers': {
    changes: [[/^AWS\/ApplicationELB\/TargetResponseTime /, always(0.1, 2.5)]],
    fires: [
      'api-latency',
      'rollback-latency',
      'deployment-rollback',
      ...burns('latency').fastest,
      'slo-latency-6x-30m',
      'slo-latency-1x-6h',
    ],
  },
  'slow answers for a day': {
    minutes: 1440,
    changes: [[/^AWS\/ApplicationELB\/TargetResponseTime /, always(0.1, 2.5)]],
    fires: ['api-latency', 'rollback-latency', 'deployment-rollback', ...everyBurn('latency')],
  },
  'the edge sends a wrong origin secret': {
    changes: [...noAnswers, [/^AWS\/ApplicationELB\/HTTP_Fixed_Response_Count /, always(1000)]],
    fires: ['api-refused-requests', ...shortWindows],
  },
  'a scan through a CloudFront distribution of somebody else': {
    changes: [[/^AWS\/ApplicationELB\/HTTP_Fixed_Response_Count /, always(500)]],
    fires: [],
  },
  'an attack that web ACLs block': {
    changes: [[/^AWS\/WAFV2\/BlockedRequests /, always(500)]],
    fires: ['edge-blocked-requests', 'api-blocked-requests'],
  },
  'a busy database': {
    changes: [[/^AWS\/RDS\/CPUUtilization /, always(95)]],
    fires: ['database-cpu'],
  },
  'a database without memory': {
    changes: [[/^AWS\/RDS\/FreeableMemory /, always(50 * 1024 ** 2)]],
    fires: ['database-memory'],
  },
  'leaked connections': {
    changes: [[/^AWS\/RDS\/DatabaseConnections /, always(250)]],
    fires: ['database-connections'],
  },
  'the acquirer declines 60 % of payments, more in one minute than in the next': {
    changes: [
      [/^PaymentPlatform\/PaymentsProcessed /, always(30)],
      [/^PaymentPlatform\/PaymentsApproved /, (minute) => (minute % 2 === 0 ? [6] : [18])],
    ],
    fires: ['payments-approval-rate'],
  },
  'more requests than the API can answer': {
    changes: [[/^PaymentPlatform\/RequestsRefused /, always(200, 300)]],
    fires: ['api-refusing', 'api-refusing-scale-out'],
  },
  'a stuck backlog': {
    changes: [
      [/^PaymentPlatform\/OutboxLag /, always(400)],
      [/^AWS\/SQS\/ApproximateAgeOfOldestMessage /, always(900)],
    ],
    fires: [
      'outbox-lag',
      'payment-queue-age',
      ...burns('freshness').fastest,
      ...burns('freshness').fast,
      'slo-freshness-1x-6h',
    ].filter((id, index, all) => all.indexOf(id) === index),
  },
  'events are late for half a day': {
    minutes: 720,
    changes: [[/^PaymentPlatform\/OutboxLag /, always(0, 90)]],
    fires: everyBurn('freshness'),
  },
  'webhooks that no task sends': {
    changes: [[/^PaymentPlatform\/WebhookLag /, always(0, 400)]],
    fires: ['webhooks-late'],
  },
  'an endpoint that has refused its webhooks for three days': {
    changes: [[/^PaymentPlatform\/WebhooksParked /, (minute) => (minute % 1440 === 760 ? [1, 1] : undefined)]],
    fires: ['webhooks-parked'],
  },
  'a ledger entry that somebody has changed': {
    changes: [[/^PaymentPlatform\/LedgerAlterations /, (minute) => (minute % 1440 === 760 ? [1] : undefined)]],
    minutes: 2 * 1440,
    fires: ['ledger-altered'],
  },
  'the ledger is not checked': {
    changes: [[/^PaymentPlatform\/LedgerAlterations /, nothing]],
    minutes: 3 * 1440,
    fires: ['ledger-unchecked'],
  },
  'an event that cannot be consumed': {
    changes: [[/^AWS\/SQS\/ApproximateNumberOfMessagesVisible .*PaymentQueueDeadLetters/, always(1)]],
    fires: ['payment-dead-letters'],
  },
  'the consumer dies': {
    changes: [lambdaErrors(/PaymentConsumer/)],
    fires: ['payment-consumer-errors'],
  },
  'a log file that cannot be forwarded': {
    changes: [[/^AWS\/SQS\/ApproximateNumberOfMessagesVisible .*AccessLogForwarding/, always(1)]],
    fires: ['access-log-forwarding'],
  },
  'a public address does not answer': {
    changes: [lambdaErrors(/AvailabilityProbe/)],
    fires: ['availability'],
  },
  'the availability probe stops': {
    changes: [[/^AWS\/Lambda\/Invocations .*AvailabilityProbe/, nothing]],
    fires: ['availability'],
  },
  'synthetic payments fail': {
    changes: [lambdaErrors(/[cC]anary/)],
    fires: ['canary-payments'],
  },
  'one synthetic payment fails': {
    changes: [
      [/^AWS\/Lambda\/Errors .*[cC]anary/, (minute) => (minute === 750 ? [1] : minute % 5 === 0 ? [0] : undefined)],
    ],
    fires: [],
  },
  'the canary stops': {
    changes: [[/^AWS\/Lambda\/Invocations .*[cC]anary/, nothing]],
    fires: ['canary-payments'],
  },
  'a rotation fails once': {
    changes: [
      [
        /^AWS\/Lambda\/Errors .*(ConnectionString|FirstApiKey|credential-rotation)/,
        (minute) => (minute % 1440 === 730 ? [1] : undefined),
      ],
    ],
    minutes: 120,
    fires: ['api-key-rotation', 'connection-string-rotation', 'credential-rotation'],
  },
  'a restore drill fails and leaves its copy': {
    changes: [
      [/^AWS\/States\/ExecutionsFailed /, (minute) => (minute % 1440 === 735 ? [1] : undefined)],
      [/^PaymentPlatform\/RestoreDrillLeftOver /, (minute) => (minute % 1440 === 735 ? [1] : undefined)],
    ],
    minutes: 180,
    fires: ['restore-drill-failure', 'restore-drill-left-over'],
  },
  'no restore drill begins': {
    changes: [[/^AWS\/States\/ExecutionsSucceeded /, nothing]],
    minutes: 36 * 60,
    fires: ['restore-drill-missing'],
  },
  'a log archive that takes nothing': {
    changes: [[/^AWS\/Firehose\/DeliveryToS3.DataFreshness /, always(4000)]],
    fires: ['log-archive-delivery'],
  },
  'a document that is not replicated': {
    changes: [[/^AWS\/S3\/OperationsFailedReplication /, always(1)]],
    fires: ['document-replication-failed'],
  },
  'late replication': {
    changes: [[/^AWS\/S3\/ReplicationLatency /, always(1200)]],
    fires: ['document-replication-latency'],
  },
  'certificates that are not renewed': {
    changes: [[/^AWS\/CertificateManager\/DaysToExpiry /, (minute) => (minute % 720 === 0 ? [20] : undefined)]],
    minutes: 2 * 1440,
    fires: ['api-certificate-expiry', 'site-certificate-expiry', 'load-balancer-certificate-expiry'],
  },
  'a NAT instance whose host fails': {
    changes: [[/^AWS\/EC2\/StatusCheckFailed(_System)? .*Subnet1/, always(1)]],
    fires: ['nat-instances', 'nat-instances-recovery'],
  },
  'a NAT instance whose system hangs': {
    changes: [[/^AWS\/EC2\/StatusCheckFailed(_Instance)? .*Subnet2/, always(1)]],
    fires: ['nat-instances', 'nat-instances-reboot'],
  },
  'a NAT instance that somebody has terminated': {
    changes: [[/^AWS\/EC2\/StatusCheckFailed(_System|_Instance)? .*Subnet3/, nothing]],
    fires: ['nat-instances'],
  },
};
