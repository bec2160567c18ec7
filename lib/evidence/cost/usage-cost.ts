import { listAt, property, valueAt } from '../property-access';
import { textOf } from '../values';
import type { Estimator, Load } from './cost-line';
import { gigabyte, idleLogBytesPerSecond, monthSeconds, perPayment } from './load';

const payments = ({ rate }: Load): number => rate * monthSeconds;
const requests = (load: Load): number => payments(load) * perPayment.requests;
const count =
  (
    item: string,
    price: 'kms-key' | 'secret' | 'composite-alarm' | 'dashboard' | 'hosted-zone' | 'waf-acl',
  ): Estimator =>
  (resources) => [{ item, price, idle: resources.length, assumption: `${resources.length} in the templates` }];

const logs: Estimator = (resources, load) => {
  const idle = (idleLogBytesPerSecond * monthSeconds) / gigabyte;
  const loaded = idle + (payments(load) * perPayment.logBytes) / gigabyte;
  const days = resources.map((each) => Number(property(each, 'RetentionInDays') ?? 3650));
  const months = Math.max(1, ...days.map((each) => each / 30));
  const kept = Math.min(12, months);
  return [
    {
      item: 'Logs written',
      price: 'logs-gb',
      idle,
      loaded,
      assumption: `${perPayment.logBytes} bytes a payment; ${idleLogBytesPerSecond} bytes a second without payments`,
    },
    // Stored logs are compressed to about a seventh.
    {
      item: 'Logs kept',
      price: 'logs-gb-month',
      idle: (idle * kept) / 7,
      loaded: (loaded * kept) / 7,
      assumption: `retention of ${Math.max(...days)} days, at most the first year, compressed to a seventh`,
    },
  ];
};

const alarms: Estimator = (resources) => {
  const metrics = resources.reduce(
    (sum, each) =>
      sum +
      Math.max(
        1,
        listAt(each.properties, 'Metrics').filter((metric) => valueAt(metric, 'MetricStat') !== undefined).length,
      ),
    0,
  );
  return [
    {
      item: 'Alarms',
      price: 'alarm-metric',
      idle: metrics,
      assumption: `${resources.length} alarms over ${metrics} metrics`,
    },
  ];
};

const webAcls: Estimator = (resources, load) => {
  const rules = resources.reduce((sum, each) => sum + listAt(each.properties, 'Rules').length, 0);
  return [
    { item: 'Web ACLs', price: 'waf-acl', idle: resources.length, assumption: `${resources.length} in the templates` },
    {
      item: 'Rules of web ACLs',
      price: 'waf-rule',
      idle: rules,
      assumption: `${rules} rules; a rule group counts as one`,
    },
    {
      item: 'Requests to web ACLs',
      price: 'waf-million',
      idle: 0.1 * resources.length,
      loaded: resources.length * (0.1 + requests(load) / 1e6),
      assumption: `${perPayment.requests} requests a payment, through ${resources.length} web ACLs`,
    },
  ];
};

const ruleGroups: Estimator = (resources) => {
  const rules = resources.reduce((sum, each) => sum + listAt(each.properties, 'Rules').length, 0);
  return [{ item: 'Rules of rule groups', price: 'waf-rule', idle: rules, assumption: `${rules} rules of own groups` }];
};

const secondsOf: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/** How often `rate(5 minutes)` runs in a month. */
function runsOfMonth(schedule: string): number {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  const seconds = Number(count) * (secondsOf[unit] ?? Number.NaN);
  return Number.isNaN(seconds) ? 0 : monthSeconds / seconds;
}

const functions: Estimator = (resources, load, assembly) => {
  const consumers = assembly.ofType('AWS::Lambda::EventSourceMapping').length;
  const idle = assembly
    .ofType('AWS::Events::Rule')
    .reduce((sum, rule) => sum + runsOfMonth(textOf(property(rule, 'ScheduleExpression') ?? '')), 0);
  const loaded = idle + consumers * payments(load);
  return [
    {
      item: 'Function calls',
      price: 'lambda-million',
      idle: idle / 1e6,
      loaded: loaded / 1e6,
      assumption: `${resources.length} functions: ${idle} scheduled runs, ${consumers} once a payment, the others at deployments`,
    },
    {
      item: 'Function time',
      price: 'lambda-gb-second',
      idle: idle * 0.25,
      loaded: loaded * 0.25,
      assumption: 'one second with 256 MB a call',
    },
  ];
};

const stateMachines: Estimator = (resources, _, assembly) => {
  const scheduled = assembly.ofType('AWS::Scheduler::Schedule').length;
  return [
    {
      item: 'State machine transitions',
      price: 'states-thousand',
      idle: scheduled * 30 * 0.3,
      assumption: `${resources.length} state machines; ${scheduled} scheduled, 300 transitions a day`,
    },
  ];
};

const queues: Estimator = (resources, load) => {
  const fifo = resources.filter((each) => property(each, 'FifoQueue') === true).length;
  const polls = resources.length * 0.5;
  return [
    {
      item: 'Queue requests',
      price: fifo > 0 ? 'sqs-fifo-million' : 'sqs-million',
      idle: polls,
      loaded: polls + (fifo > 0 ? (3 * payments(load)) / 1e6 : 0),
      assumption: 'half a million polls a month and queue; send, receive and delete a payment',
    },
  ];
};

/** Estimators of what is billed by piece and by use. */
export const usageEstimators: Readonly<Record<string, Estimator>> = {
  'AWS::ApiGateway::RestApi': (_, load) => [
    {
      item: 'API Gateway requests',
      price: 'api-gateway-million',
      idle: 0.1,
      loaded: 0.1 + requests(load) / 1e6,
      assumption: `${perPayment.requests} requests a payment, a probe a minute`,
    },
    {
      item: 'Data to the internet',
      price: 'internet-gb',
      idle: 0,
      loaded: (payments(load) * perPayment.responseBytes) / gigabyte,
      assumption: `${perPayment.responseBytes} bytes a payment`,
    },
  ],
  'AWS::CloudFront::Distribution': (_, load) => [
    {
      item: 'CloudFront requests',
      price: 'cloudfront-10k',
      idle: 10,
      loaded: 10 + requests(load) / 10_000,
      assumption: `${perPayment.requests} requests a payment, 100,000 of the console`,
    },
    {
      item: 'CloudFront data',
      price: 'cloudfront-gb',
      idle: 1,
      loaded: 1 + (payments(load) * perPayment.responseBytes) / gigabyte,
      assumption: `${perPayment.responseBytes} bytes a payment, 1 GB of the console`,
    },
  ],
  'AWS::CloudWatch::Alarm': alarms,
  'AWS::CloudWatch::CompositeAlarm': count('Composite alarms', 'composite-alarm'),
  'AWS::CloudWatch::Dashboard': count('Dashboards', 'dashboard'),
  'AWS::Cognito::UserPool': (resources) => [
    {
      item: 'Persons who sign in',
      price: 'cognito-plus-person',
      idle: resources.length * 20,
      assumption: '20 persons a month; the plan with threat protection has no free ones',
    },
  ],
  'AWS::ECR::Repository': (resources) => [
    { item: 'Container images', price: 'ecr-gb', idle: resources.length * 2, assumption: '20 images of 100 MB' },
  ],
  'AWS::ECS::Cluster': (resources) => [
    {
      item: 'Container Insights',
      price: 'custom-metric',
      idle:
        resources.filter((each) => JSON.stringify(property(each, 'ClusterSettings') ?? '').includes('enabled')).length *
        30,
      assumption: '30 metrics a cluster with one service',
    },
  ],
  'AWS::KMS::Key': (resources, load) => [
    ...count('KMS keys', 'kms-key')(resources, load, undefined as never),
    {
      item: 'KMS requests',
      price: 'kms-10k',
      idle: 5,
      loaded: 5 + payments(load) / 100 / 10_000,
      assumption: 'data keys are cached; one request for 100 payments',
    },
  ],
  'AWS::KinesisFirehose::DeliveryStream': (_, load) => [
    {
      item: 'Log archive stream',
      price: 'firehose-gb',
      idle: 0.5,
      loaded: 0.5 + (payments(load) * 2_000) / gigabyte,
      assumption: '2,000 bytes of the API’s log a payment',
    },
  ],
  'AWS::Lambda::Function': functions,
  'AWS::Logs::LogGroup': logs,
  'AWS::Route53::HostedZone': count('Hosted zones', 'hosted-zone'),
  'AWS::S3::Bucket': (resources, load) => [
    {
      item: 'Buckets',
      price: 's3-gb',
      idle: resources.length,
      loaded: resources.length + (payments(load) * 1_000) / gigabyte,
      assumption: '1 GB a bucket, 1,000 bytes of access log a payment',
    },
  ],
  'AWS::SQS::Queue': queues,
  'AWS::SecretsManager::Secret': count('Secrets', 'secret'),
  'AWS::StepFunctions::StateMachine': stateMachines,
  'AWS::WAFv2::RuleGroup': ruleGroups,
  'AWS::WAFv2::WebACL': webAcls,
  'AWS::XRay::SamplingRule': (_, load) => [
    {
      item: 'Traces',
      price: 'xray-million',
      idle: 0,
      loaded: (requests(load) * 0.1) / 1e6,
      assumption: 'a tenth of the requests',
    },
  ],
};
