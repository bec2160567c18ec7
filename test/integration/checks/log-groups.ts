import { type CloudWatchLogsClient, type LogGroup, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { isKeyOf, problems } from './problems';

/** One log group by its exact name. */
export async function readLogGroup(client: CloudWatchLogsClient, name: string): Promise<LogGroup | undefined> {
  for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: name })) {
    const found = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
    if (found) return found;
  }
  return undefined;
}

/** The log group has the retention of the profile and a key of the stack. */
export function logGroupProblems(
  name: string,
  group: LogGroup | undefined,
  expected: { readonly keyIds: readonly string[]; readonly retentionDays: number },
): string[] {
  if (group === undefined) return [`the log group ${name} is missing`];
  const { retentionInDays: days, kmsKeyId } = group;
  return problems([
    [days === expected.retentionDays, `${name} is kept ${days ?? 'unlimited'} days, not ${expected.retentionDays}`],
    [isKeyOf(expected.keyIds, kmsKeyId), `${name} is not encrypted under a customer managed key`],
  ]);
}
