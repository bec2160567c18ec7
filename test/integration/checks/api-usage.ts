import {
  type APIGatewayClient,
  GetStageCommand,
  type GetStageCommandOutput,
  GetUsagePlanCommand,
  type Method,
  paginateGetResources,
  type UsagePlan,
} from '@aws-sdk/client-api-gateway';
import type { StackResources } from '../stack-resources';
import { problems } from './problems';

/** One operation that clients may call. */
interface Operation {
  readonly path: string;
  readonly verb: string;
  readonly method: Method;
}

/** The throttles, keys and access log of the API Gateway. */
export interface DeployedUsage {
  readonly apiId: string;
  readonly stage: Pick<GetStageCommandOutput, 'stageName' | 'accessLogSettings' | 'methodSettings'>;
  readonly plans: readonly UsagePlan[];
  readonly operations: readonly Operation[];
}

/** Reads the one stage of the edge stack. */
export async function readUsage(client: APIGatewayClient, edge: StackResources): Promise<DeployedUsage> {
  const restApiId = edge.only('AWS::ApiGateway::RestApi');
  const operations: Operation[] = [];
  for await (const { items = [] } of paginateGetResources({ client }, { restApiId, embed: ['methods'] })) {
    for (const { path = '', resourceMethods = {} } of items) {
      operations.push(...Object.entries(resourceMethods).map(([verb, method]) => ({ path, verb, method })));
    }
  }
  const stageName = edge.only('AWS::ApiGateway::Stage');
  return {
    apiId: restApiId,
    stage: await client.send(new GetStageCommand({ restApiId, stageName })),
    plans: await Promise.all(
      edge
        .all('AWS::ApiGateway::UsagePlan')
        .map((usagePlanId) => client.send(new GetUsagePlanCommand({ usagePlanId }))),
    ),
    operations,
  };
}

/**
 * Every operation is limited, for all clients together and for each key, reaches nothing but the load balancer, and is logged without what was sent.
 *
 * @param expected what a key may ask in any minute, and the log groups that are encrypted
 */
export function usageProblems(
  { apiId, stage, plans, operations }: DeployedUsage,
  expected: { readonly requestsPerMinute: number; readonly logGroups: readonly string[] },
): string[] {
  const { stageName = 'the stage', accessLogSettings, methodSettings = {} } = stage;
  return problems([
    [operations.length > 0, 'the API Gateway offers nothing'],
    [plans.length > 0, 'no plan limits the keys of the API Gateway'],
    [
      expected.logGroups.some((name) => accessLogSettings?.destinationArn?.endsWith(`:log-group:${name}`)),
      `requests of ${stageName} are not written into a log group of the platform`,
    ],
    ...plans.flatMap(({ name = 'a plan', apiStages = [], throttle: { rateLimit = Infinity, burstLimit = 0 } = {} }) => {
      // A full bucket, and what it is refilled with meanwhile.
      const allowed = burstLimit + 60 * rateLimit;
      return [
        [
          apiStages.some((each) => each.apiId === apiId && each.stage === stageName),
          `${name} does not hold for ${stageName}`,
        ],
        [
          allowed === expected.requestsPerMinute,
          `${name} lets a key ask ${allowed} times a minute, not ${expected.requestsPerMinute} times`,
        ],
      ] as const;
    }),
    ...operations.flatMap(({ path, verb, method }) => {
      const own = methodSettings[`${path.replaceAll('/', '~1')}/${verb}`] ?? methodSettings['*/*'];
      const { throttlingRateLimit: rate = -1, throttlingBurstLimit: burst = -1, dataTraceEnabled } = own ?? {};
      return [
        [
          method.apiKeyRequired === true || path === '/health',
          `${verb} ${path} may be called without a key of the API Gateway`,
        ],
        [
          method.methodIntegration?.connectionType === 'VPC_LINK',
          `${verb} ${path} does not go to the load balancer by the VPC link`,
        ],
        [rate >= 0 && burst >= 0, `${verb} ${path} is not limited`],
        [dataTraceEnabled === false, `what is sent to ${verb} ${path} is written into a log`],
      ] as const;
    }),
  ]);
}
