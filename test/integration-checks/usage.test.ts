import {
  APIGatewayClient,
  GetResourcesCommand,
  GetStageCommand,
  GetUsagePlanCommand,
  type Method,
  type MethodSetting,
} from '@aws-sdk/client-api-gateway';
import { mockClient } from 'aws-sdk-client-mock';
import { type DeployedUsage, readUsage, usageProblems } from '../integration/checks/api-usage';
import { StackResources } from '../integration/stack-resources';

const gateway = mockClient(APIGatewayClient);

beforeEach(() => {
  gateway.reset();
});

const limited: MethodSetting = { throttlingRateLimit: 1000, throttlingBurstLimit: 2000, dataTraceEnabled: false };
const method: Method = { apiKeyRequired: true, methodIntegration: { connectionType: 'VPC_LINK' } };
const plan = {
  name: 'plan',
  apiStages: [{ apiId: 'api-1', stage: 'api' }],
  throttle: { rateLimit: 16, burstLimit: 40 },
};
const destinationArn = 'arn:aws:logs:eu-south-2:111122223333:log-group:access';
const usage: DeployedUsage = {
  apiId: 'api-1',
  stage: { stageName: 'api', accessLogSettings: { destinationArn }, methodSettings: { '*/*': limited } },
  plans: [plan],
  operations: [
    { path: '/health', verb: 'GET', method: { ...method, apiKeyRequired: false } },
    { path: '/v1/payments', verb: 'POST', method },
  ],
};
const expected = { requestsPerMinute: 1000, logGroups: ['other', 'access'] };
const problemsOf = (change: Partial<DeployedUsage>) => usageProblems({ ...usage, ...change }, expected);
const withMethod = (change: Partial<Method>) =>
  problemsOf({ operations: [{ path: '/v1/payments', verb: 'POST', method: { ...method, ...change } }] });
const withSettings = (methodSettings: Record<string, MethodSetting>) =>
  problemsOf({ stage: { ...usage.stage, methodSettings } });

test('reads stage, usage plans and operations of all pages', async () => {
  gateway.on(GetResourcesCommand).resolvesOnce({ items: [{ path: '/' }], position: 'next' });
  gateway.on(GetResourcesCommand, { restApiId: 'api-1', position: 'next', embed: ['methods'] }).resolves({
    items: [{ path: '/v1/payments', resourceMethods: { GET: {}, POST: method } }],
  });
  gateway.on(GetStageCommand, { restApiId: 'api-1', stageName: 'api' }).resolves(usage.stage);
  gateway.on(GetUsagePlanCommand, { usagePlanId: 'plan-1' }).resolves(plan);
  const edge = new StackResources([
    ['AWS::ApiGateway::RestApi', 'api-1'],
    ['AWS::ApiGateway::Stage', 'api'],
    ['AWS::ApiGateway::UsagePlan', 'plan-1'],
  ]);
  await expect(readUsage(new APIGatewayClient({}), edge)).resolves.toEqual({
    ...usage,
    operations: [
      { path: '/v1/payments', verb: 'GET', method: {} },
      { path: '/v1/payments', verb: 'POST', method },
    ],
  });
});

test('accepts a complete API', () => {
  expect(problemsOf({})).toEqual([]);
});

test('requires the usage plan limits of the profile for this stage', () => {
  const withPlan = (change: Partial<typeof plan>) => problemsOf({ plans: [{ ...plan, ...change }] });
  expect(problemsOf({ plans: [] })).toEqual(['no plan limits the keys of the API Gateway']);
  expect(withPlan({ throttle: { rateLimit: 17, burstLimit: 40 } })).toEqual([
    'plan lets a key ask 1060 times a minute, not 1000 times',
  ]);
  expect(withPlan({ apiStages: [{ apiId: 'api-2', stage: 'api' }] })).toEqual(['plan does not hold for api']);
  expect(problemsOf({ plans: [{ name: 'plan', apiStages: plan.apiStages }] })).toEqual([
    'plan lets a key ask Infinity times a minute, not 1000 times',
  ]);
});

test('requires an API key and an integration with the load balancer', () => {
  expect(withMethod({ apiKeyRequired: false })).toEqual([
    'POST /v1/payments may be called without a key of the API Gateway',
  ]);
  expect(withMethod({ methodIntegration: { connectionType: 'INTERNET' } })).toEqual([
    'POST /v1/payments does not go to the load balancer by the VPC link',
  ]);
  expect(problemsOf({ operations: [] })).toEqual(['the API Gateway offers nothing']);
});

test('prefers method settings of one operation', () => {
  const unlimited = { ...limited, throttlingRateLimit: -1 };
  expect(withSettings({ '*/*': unlimited, '~1v1~1payments/POST': limited, '~1health/GET': limited })).toEqual([]);
  expect(withSettings({ '*/*': limited, '~1v1~1payments/POST': unlimited })).toEqual([
    'POST /v1/payments is not limited',
  ]);
  expect(withSettings({ '*/*': { ...limited, dataTraceEnabled: true }, '~1health/GET': limited })).toEqual([
    'what is sent to POST /v1/payments is written into a log',
  ]);
});

test.each([undefined, { destinationArn: `${destinationArn}-of-somebody` }])(
  'checks the access log format %j',
  (log) => {
    expect(problemsOf({ stage: { ...usage.stage, accessLogSettings: log } })).toEqual([
      'requests of api are not written into a log group of the platform',
    ]);
  },
);
