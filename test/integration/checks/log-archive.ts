import {
  type CloudWatchLogsClient,
  DescribeSubscriptionFiltersCommand,
  type SubscriptionFilter,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetBucketLifecycleConfigurationCommand, type LifecycleRule, type S3Client } from '@aws-sdk/client-s3';
import type { StackResources } from '../stack-resources';
import { problems } from './problems';

/** The subscription filters of the log groups and the lifecycle of the archive. */
export interface DeployedArchive {
  readonly filters: readonly SubscriptionFilter[];
  readonly rules: readonly LifecycleRule[];
}

/** Reads the filters of the compute stack's log groups, and the rules of the archive's bucket. */
export async function readArchive(
  logs: CloudWatchLogsClient,
  buckets: S3Client,
  compute: StackResources,
  Bucket: string,
): Promise<DeployedArchive> {
  const ofGroups = compute
    .all('AWS::Logs::LogGroup')
    .map((logGroupName) => logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName })));
  const { Rules = [] } = await buckets.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
  return {
    filters: (await Promise.all(ofGroups)).flatMap(({ subscriptionFilters = [] }) => subscriptionFilters),
    rules: Rules,
  };
}

/**
 * Every line goes to the archive's stream, and nothing leaves the archive before its time.
 *
 * @param expected the filters and the stream of the archive, and how long it is to be kept
 */
export function archiveProblems(
  { filters, rules }: DeployedArchive,
  expected: { readonly filterNames: readonly string[]; readonly stream: string; readonly days: number },
): string[] {
  const ends = rules.filter(({ Status }) => Status === 'Enabled').flatMap(({ Expiration }) => Expiration?.Days ?? []);
  return problems([
    [expected.filterNames.length > 0, 'nothing is handed to the log archive'],
    ...expected.filterNames.flatMap((name) => {
      const filter = filters.find(({ filterName }) => filterName === name);
      return [
        [
          filter?.destinationArn?.endsWith(`:deliverystream/${expected.stream}`) === true,
          `${name} hands nothing to the log archive`,
        ],
        [(filter?.filterPattern ?? '') === '', `${name} keeps lines from the log archive`],
      ] as const;
    }),
    [
      ends.length > 0 && ends.every((days) => days === expected.days),
      `the log archive is kept ${ends.join(' or ') || 'unlimited'} days, not ${expected.days}`,
    ],
  ]);
}
