import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { CloudWatchLogsClient, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, type GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { S3ObjectCreatedNotificationEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import recorded from '../../app/emitted-metrics.json';
import { handler } from '../../lib/compute/access-log-forwarding/access-log-forwarding.lambda';
import { type NamedBy, namedMetrics } from '../support/alarms/named-metrics';
import { accessLogLine } from '../support/access-log-file';
import { DrillHarness } from '../support/drill-harness';
import { contextsWithEveryPart } from '../support/every-part';
import { testPlatform } from '../support/test-platform';

interface EmbeddedLine {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

/** Namespace, name, dimensions and unit of metrics of the platform. */
const keyOf = (namespace: string, name: string, dimensions: string, unit: string) =>
  `${namespace} ${name} {${dimensions}} ${unit}`;

// The API's and the consumer's, which a test of theirs records from a run of both.
const emitted = new Set(
  [...recorded.api, ...recorded.consumer].map(({ namespace, name, dimensions, unit }) =>
    keyOf(namespace, name, dimensions, unit),
  ),
);

function collect(lines: readonly object[]): void {
  for (const line of lines as readonly EmbeddedLine[]) {
    for (const { Namespace, Dimensions, Metrics } of line._aws?.CloudWatchMetrics ?? []) {
      for (const dimensions of Dimensions) {
        for (const { Name, Unit } of Metrics) emitted.add(keyOf(Namespace, Name, dimensions.join(), Unit));
      }
    }
  }
}

beforeAll(async () => {
  const harness = new DrillHarness();
  await harness.run();
  collect(harness.lines);
  harness.stop();
  collect(await linesOfForwarding());
});

/** One log file, forwarded by the function as it is deployed. */
async function linesOfForwarding(): Promise<object[]> {
  const content = gzipSync(`${accessLogLine()}\n`);
  const Body = Readable.from([content]) as unknown as NonNullable<GetObjectCommandOutput['Body']>;
  mockClient(S3Client).on(GetObjectCommand).resolves({ Body });
  mockClient(CloudWatchLogsClient).on(PutLogEventsCommand).resolves({});
  jest.replaceProperty(process, 'env', { LOG_GROUP_NAME: 'group', ENVIRONMENT_NAME: 'test1' });
  const lines: object[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(JSON.parse(String(text)) as object);
    return true;
  });
  await handler({ detail: { bucket: { name: 'b' }, object: { key: 'k.log.gz' } } } as S3ObjectCreatedNotificationEvent);
  jest.restoreAllMocks();
  return lines;
}

describe.each(Object.entries(contextsWithEveryPart))('%s', (_name, context) => {
  const platform = testPlatform(context);
  const named = namedMetrics(platform);
  const own = named.filter(({ namespace }) => namespace === 'PaymentPlatform');

  test('emits every platform metric that an alarm or the dashboard uses, with its dimensions and unit', () => {
    expect(own.length).toBeGreaterThan(5);
    const isEmitted = ({ namespace, metricName, dimensions, unit }: NamedBy) =>
      [...emitted].some((key) =>
        unit === undefined
          ? key.startsWith(`${namespace} ${metricName} {${Object.keys(dimensions).join()}} `)
          : key === keyOf(namespace, metricName, Object.keys(dimensions).join(), unit),
      );
    expect(own.filter((metric) => !isEmitted(metric))).toEqual([]);
  });

  test('reads them by the environment name of tasks and functions', () => {
    const told = platform.all.flatMap(({ resources }) => [
      ...resources
        .properties('AWS::ECS::TaskDefinition')
        .flatMap(({ ContainerDefinitions }) => ContainerDefinitions as { Environment?: object[] }[])
        .flatMap(({ Environment = [] }) => Environment as { Name: string; Value: unknown }[])
        .flatMap(({ Name, Value }) => (Name === 'ENVIRONMENT_NAME' ? [Value] : [])),
      ...resources
        .properties('AWS::Lambda::Function')
        .map(({ Environment }) => (Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables)
        .flatMap((variables) => variables?.['ENVIRONMENT_NAME'] ?? []),
    ]);
    expect(new Set([...told, ...own.map(({ dimensions }) => dimensions['Environment'])])).toEqual(new Set(['test1']));
  });

  test('finds every AWS metric with its dimensions in the service specification or in the list of exceptions', () => {
    const unknown = named.filter((metric) => metric.namespace !== 'PaymentPlatform' && !isSpecified(metric));
    expect([...new Set(unknown.map((metric) => described(metric)))].filter((key) => !lookedUp.has(key))).toEqual([]);
  });
});

const described = ({ namespace, metricName, dimensions }: NamedBy) =>
  `${namespace} ${metricName} {${Object.keys(dimensions).sort().join()}}`;

const specification = loadAwsServiceSpecSync();

function isSpecified({ namespace, metricName, dimensions }: NamedBy): boolean {
  const wanted = Object.keys(dimensions).sort().join();
  return specification
    .all('metric')
    .filter((metric) => metric.namespace === namespace && metric.name === metricName)
    .flatMap((metric) => specification.follow('usesDimensionSet', metric))
    .some(
      ({ entity }) =>
        entity.dimensions
          .map(({ name }) => name)
          .sort()
          .join() === wanted,
    );
}

/** Metrics that the specification lacks, with AWS's documentation. */
const lookedUp = new Set([
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
  'ECS/ContainerInsights RunningTaskCount {ClusterName,ServiceName}',
  'ECS/ContainerInsights DesiredTaskCount {ClusterName,ServiceName}',
  // https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html; web ACLs of CloudFront have no Region
  'AWS/WAFV2 BlockedRequests {Region,Rule,WebACL}',
  'AWS/WAFV2 BlockedRequests {Rule,WebACL}',
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
  'AWS/S3 ReplicationLatency {DestinationBucket,RuleId,SourceBucket}',
  'AWS/S3 OperationsFailedReplication {DestinationBucket,RuleId,SourceBucket}',
  // https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
  'AWS/CertificateManager DaysToExpiry {CertificateArn}',
]);
