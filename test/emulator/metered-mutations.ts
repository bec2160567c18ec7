import { APIGatewayClient, GetUsagePlansCommand, UpdateUsagePlanCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudWatchLogsClient,
  DeleteSubscriptionFilterCommand,
  DescribeSubscriptionFiltersCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import {
  AssociateWebACLCommand,
  DisassociateWebACLCommand,
  GetWebACLForResourceCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import type { Made, MutationsOf } from './mutations';

/** Changes of resources of `metered`. */
export const meteredMutations: MutationsOf = (suffix, outputs, access) => {
  const home = { region: outputs.ComputeRegion, ...access };
  const logs = new CloudWatchLogsClient(home);
  const [apiId = ''] = new URL(outputs.EdgeUrl).hostname.split('.');
  const stageArn = `arn:aws:apigateway:${outputs.EdgeRegion}::/restapis/${apiId}/stages/api`;
  return [
    {
      test: /^the API Gateway limits/,
      says: /usage-plan-\S+ lets a key ask 60040 times a minute, not 1000 times/,
      make: async () => generousPlan(new APIGatewayClient(home), `usage-plan-${suffix}`),
    },
    {
      test: /^a web ACL protects/,
      says: /no web ACL of the platform protects the stage api of the API Gateway/,
      make: async () => withoutWebAcl(new WAFV2Client(home), stageArn),
    },
    {
      test: /^backups are proven/,
      says: /restore-drill-schedule-\S+ is DISABLED/,
      make: async () => withoutSchedule(new SchedulerClient(home), `restore-drill-schedule-${suffix}`),
    },
    {
      test: /^lines of the application/,
      says: /archive-api-log-filter-\S+ hands nothing to the log archive/,
      make: async () => withoutFilter(logs, `api-log-group-${suffix}`),
    },
    {
      test: /^log groups are encrypted/,
      says: /migration-log-group-\S+ is kept 365 days, not 2557/,
      make: async () => {
        const keep = async (retentionInDays: number) =>
          logs.send(new PutRetentionPolicyCommand({ logGroupName: `migration-log-group-${suffix}`, retentionInDays }));
        await keep(365);
        return () => keep(outputs.ObservabilityLogRetentionDays);
      },
    },
  ];
};

async function generousPlan(client: APIGatewayClient, planName: string): Made {
  const { items = [] } = await client.send(new GetUsagePlansCommand({}));
  const plan = items.find(({ name }) => name === planName);
  const limit = async (value: string) =>
    client.send(
      new UpdateUsagePlanCommand({
        usagePlanId: plan?.id,
        patchOperations: [{ op: 'replace', path: '/throttle/rateLimit', value }],
      }),
    );
  await limit('1000');
  return () => limit(String(plan?.throttle?.rateLimit));
}

async function withoutWebAcl(client: WAFV2Client, ResourceArn: string): Made {
  const { WebACL } = await client.send(new GetWebACLForResourceCommand({ ResourceArn }));
  await client.send(new DisassociateWebACLCommand({ ResourceArn }));
  return () => client.send(new AssociateWebACLCommand({ ResourceArn, WebACLArn: WebACL?.ARN }));
}

async function withoutSchedule(client: SchedulerClient, Name: string): Made {
  const { FlexibleTimeWindow, ScheduleExpression, ScheduleExpressionTimezone, Target } = await client.send(
    new GetScheduleCommand({ Name }),
  );
  const turn = async (State: 'ENABLED' | 'DISABLED') =>
    client.send(
      new UpdateScheduleCommand({
        Name,
        FlexibleTimeWindow,
        ScheduleExpression,
        ScheduleExpressionTimezone,
        Target,
        State,
      }),
    );
  await turn('DISABLED');
  return () => turn('ENABLED');
}

async function withoutFilter(client: CloudWatchLogsClient, logGroupName: string): Made {
  const { subscriptionFilters: [filter] = [] } = await client.send(
    new DescribeSubscriptionFiltersCommand({ logGroupName }),
  );
  if (!filter) throw new Error(`${logGroupName} has no subscription filter.`);
  const { filterName, filterPattern, destinationArn, roleArn } = filter;
  await client.send(new DeleteSubscriptionFilterCommand({ logGroupName, filterName }));
  return () =>
    client.send(new PutSubscriptionFilterCommand({ logGroupName, filterName, filterPattern, destinationArn, roleArn }));
}
