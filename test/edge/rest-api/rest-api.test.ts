import operations from '../../../app/operations.json';
import { exposedOperations } from '../../../lib/edge/rest-api/exposed-operations';
import { edgeTier } from '../../support/edge-tier';
import { profileContexts } from '../../support/profile-contexts';
import { overrides } from '../../support/profile-overrides';
import { referenceOf, TemplateResources } from '../../support/template-resources';

/** What an API Gateway exposes by default. */
const merchantsOnly = { administration: false, acquirerEvents: false };

const loadBalancerArn =
  'arn:aws:elasticloadbalancing:ap-southeast-1:111122223333:loadbalancer/app/alb/0123456789abcdef';
const behind = { secretHeader: undefined, loadBalancerArn };
const stack = edgeTier({ profile: 'metered' }, behind);
const edge = new TemplateResources(stack);
const [apiId, { Properties: api }] = edge.only('AWS::ApiGateway::RestApi');
const [stageId, { Properties: stage, DependsOn: stageWaitsFor }] = edge.only('AWS::ApiGateway::Stage');

interface Method {
  readonly HttpMethod: string;
  readonly ResourceId: unknown;
  readonly ApiKeyRequired: boolean;
  readonly RequestParameters?: Readonly<Record<string, boolean>>;
  readonly Integration: Readonly<Record<string, unknown>> & {
    readonly RequestParameters: Readonly<Record<string, string>>;
  };
}

/** The path of a resource in the stage, from the resource tree of the template. */
function pathOf(resources: TemplateResources, id: string): string {
  const resource = resources.all[id];
  if (resource?.Type !== 'AWS::ApiGateway::Resource') return '';
  return `${pathOf(resources, referenceOf(resource.Properties['ParentId']) ?? '')}/${String(resource.Properties['PathPart'])}`;
}

/** Every method by its name below the stage: `GET /v1/payments`. */
function methodsOf(resources: TemplateResources): Record<string, Method> {
  return Object.fromEntries(
    resources.properties('AWS::ApiGateway::Method').map((properties) => {
      const method = properties as unknown as Method;
      return [`${method.HttpMethod} ${pathOf(resources, referenceOf(method.ResourceId) ?? '')}`, method];
    }),
  );
}
const methods = methodsOf(edge);

/** The operations of the OpenAPI document for merchants. */
const others = ['console', 'operator', 'acquirer-events'];
const wanted = operations.filter(({ tags }) => !tags.some((tag) => others.includes(tag)));
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path.replace(/^\/api/, '')}`;

test('has a method for every operation and for the health check', () => {
  expect(wanted.length).toBeGreaterThan(10);
  expect(Object.keys(methods).sort()).toEqual([...wanted.map(nameOf), 'GET /health'].sort());
  expect(operations.length).toBeGreaterThan(wanted.length);
});

test.each(wanted)('integrates $method $path with the same path of the load balancer', (operation) => {
  const method = methods[nameOf(operation)];
  expect(method?.Integration).toMatchObject({
    Type: 'HTTP_PROXY',
    ConnectionType: 'VPC_LINK',
    ConnectionId: { Ref: edge.only('AWS::ApiGatewayV2::VpcLink')[0] },
    IntegrationTarget: loadBalancerArn,
    IntegrationHttpMethod: operation.method,
    Uri: `http://alb.eu-south-2.elb.amazonaws.com${operation.path}`,
  });
  const inPath = (operation.path.match(/\{\w+\}/g) ?? []).map((each) => each.slice(1, -1));
  for (const name of inPath) {
    expect(method?.RequestParameters?.[`method.request.path.${name}`]).toBe(true);
    expect(method?.Integration.RequestParameters[`integration.request.path.${name}`]).toBe(
      `method.request.path.${name}`,
    );
  }
  expect(Object.keys(method?.RequestParameters ?? {})).toHaveLength(operation.parameters.length);
});

test('throttles every operation separately', () => {
  const settings = stage['MethodSettings'] as Record<string, unknown>[];
  const limited = settings.map(({ HttpMethod, ResourcePath, ...limits }) => {
    expect(limits).toEqual({
      ThrottlingRateLimit: 1000,
      ThrottlingBurstLimit: 2000,
      LoggingLevel: 'ERROR',
      DataTraceEnabled: false,
      MetricsEnabled: true,
    });
    return `${String(HttpMethod)} ${String(ResourcePath).replace(/^\//, '').replaceAll('~1', '/')}`;
  });
  expect(limited.sort()).toEqual([...Object.keys(methods), '* *'].sort());
});

test('requires an API key except for health, and passes the request ID', () => {
  for (const [name, { ApiKeyRequired, Integration }] of Object.entries(methods)) {
    expect([name, ApiKeyRequired]).toEqual([name, name !== 'GET /health']);
    expect(Integration.RequestParameters['integration.request.header.x-request-id']).toBe('context.requestId');
  }
});

test('keeps the paths of the API by the stage name', () => {
  expect(stage['StageName']).toBe('api');
  for (const { path, resourcePath } of exposedOperations(merchantsOnly).filter(
    ({ path: each }) => each !== '/health',
  )) {
    expect(path).toBe(`/api${resourcePath}`);
  }
  const { Url, ApiUrl, ApiKeyId } = (edge.template.toJSON() as { Outputs: Record<string, { Value: unknown }> }).Outputs;
  const host = [{ Ref: apiId }, '.execute-api.ap-southeast-1.', { Ref: 'AWS::URLSuffix' }];
  expect(Url?.Value).toEqual({ 'Fn::Join': ['', ['https://', ...host]] });
  expect(ApiUrl?.Value).toEqual({
    'Fn::Join': ['', ['https://', ...host.slice(0, 2), { Ref: 'AWS::URLSuffix' }, '/api/v1']],
  });
  expect(ApiKeyId?.Value).toEqual({ Ref: edge.only('AWS::ApiGateway::ApiKey')[0] });
});

test('refuses an operation outside the stage path and omits those of the console', () => {
  const listed = { method: 'GET', path: '/api/v1/x', summary: 'X', tags: [], parameters: [] };
  expect(exposedOperations(merchantsOnly, [listed]).map(({ resourcePath }) => resourcePath)).toEqual([
    '/v1/x',
    '/health',
  ]);
  expect(exposedOperations(merchantsOnly, [{ ...listed, tags: ['console'] }])).toHaveLength(1);
  for (const path of ['/v1/x', '/apiv1/x'])
    expect(() => exposedOperations(merchantsOnly, [{ ...listed, path }])).toThrow('below /api');
});

test('exposes the operations of operators only where the profile says so, without an API key of a usage plan', () => {
  const operators = (administration: boolean) =>
    exposedOperations({ ...merchantsOnly, administration }).filter(({ path }) => path.startsWith('/api/v1/admin/'));
  expect(operators(false)).toEqual([]);
  expect(operators(true).length).toBeGreaterThan(10);
  expect(operators(true).filter(({ needsApiKey }) => needsApiKey)).toEqual([]);
  const withAdministration = new TemplateResources(
    edgeTier({ profile: 'metered', ...overrides({ apiGateway: { administration: true } }) }, behind),
  );
  const count = (resources: typeof edge) => resources.entries('AWS::ApiGateway::Method').length;
  expect(count(withAdministration) - count(edge)).toBe(operators(true).length);
});

test('exposes notices of the acquirer with Stripe alone, where clients need no certificate, without an API key', () => {
  const noticesOf = (acquirerEvents: boolean) =>
    exposedOperations({ ...merchantsOnly, acquirerEvents }).filter(({ path }) => path.includes('/acquirer-events/'));
  expect(noticesOf(false)).toEqual([]);
  expect(noticesOf(true)).toMatchObject([{ method: 'POST', needsApiKey: false }]);
  const count = (profile: 'metered' | 'partner', kind: 'simulator' | 'stripe') => {
    const tier = edgeTier({ ...profileContexts[profile], ...overrides({ acquirer: { kind } }) }, behind);
    return new TemplateResources(tier).entries('AWS::ApiGateway::Method').length;
  };
  expect(count('metered', 'stripe') - count('metered', 'simulator')).toBe(1);
  expect(count('partner', 'stripe')).toBe(count('partner', 'simulator'));
});

test('limits a key to 1000 requests in 60 seconds, by usage plan and web ACL', () => {
  const [planId, { Properties: plan }] = edge.only('AWS::ApiGateway::UsagePlan');
  expect(plan['Throttle']).toEqual({ RateLimit: 16, BurstLimit: 40 });
  expect(plan['ApiStages']).toMatchObject([{ ApiId: { Ref: apiId }, Stage: { Ref: stageId } }]);
  const [keyId, { Properties: key }] = edge.only('AWS::ApiGateway::ApiKey');
  expect(key).toMatchObject({ Enabled: true, Name: 'first-api-key-test1' });
  expect(key).not.toHaveProperty('Value');
  expect(edge.only('AWS::ApiGateway::UsagePlanKey')[1].Properties).toEqual({
    KeyId: { Ref: keyId },
    KeyType: 'API_KEY',
    UsagePlanId: { Ref: planId },
  });
});

test('requires TLS 1.2', () => {
  expect(api).toMatchObject({
    SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
    EndpointConfiguration: { Types: ['REGIONAL'] },
    DisableExecuteApiEndpoint: false,
  });
});

describe('logs', () => {
  const groups = Object.fromEntries(edge.entries('AWS::Logs::LogGroup'));

  test('logs one JSON line per request without ids of resources, bodies or keys', () => {
    const { Format, DestinationArn } = stage['AccessLogSetting'] as { Format: string; DestinationArn: unknown };
    const line = JSON.parse(Format) as Record<string, string>;
    expect(Object.values(line).sort()).toEqual([
      '$context.error.responseType',
      '$context.httpMethod',
      '$context.identity.apiKeyId',
      '$context.identity.clientCert.serialNumber',
      '$context.identity.clientCert.subjectDN',
      '$context.identity.sourceIp',
      '$context.integration.latency',
      '$context.integration.status',
      '$context.requestId',
      '$context.requestTime',
      '$context.resourcePath',
      '$context.responseLatency',
      '$context.status',
      '$context.tlsVersion',
      '$context.waf.status',
      '$context.xrayTraceId',
    ]);
    const [groupId] = Object.entries(groups).find(
      ([, { Properties }]) => Properties['LogGroupName'] === '/aws/apigateway/rest-api-access-log-test1',
    ) ?? [''];
    expect(JSON.stringify(DestinationArn)).toContain(`{"Ref":"${groupId}"}`);
  });

  test('declares the log groups that API Gateway would create', () => {
    const byName = (name: unknown) =>
      Object.entries(groups).find(
        ([, { Properties }]) => JSON.stringify(Properties['LogGroupName']) === JSON.stringify(name),
      )?.[0];
    const execution = byName({ 'Fn::Join': ['', ['API-Gateway-Execution-Logs_', { Ref: apiId }, '/api']] });
    expect(stageWaitsFor).toContain(execution);
    for (const { Properties } of Object.values(groups)) expect(Properties).toHaveProperty('KmsKeyId');
  });

  test('provides the logging role before the stage without declaring it', () => {
    expect(stageWaitsFor).toContain(edge.only('Custom::ApiGatewayLogging')[0]);
    expect(edge.entries('AWS::ApiGateway::Account')).toEqual([]);
    expect(JSON.stringify(edge.properties('AWS::Logs::LogGroup'))).not.toContain('welcome');
  });
});

test('returns gateway errors in the format of the API', () => {
  const responses = edge.properties('AWS::ApiGateway::GatewayResponse').map((properties) => {
    const { ResponseTemplates, ResponseParameters, ResponseType, StatusCode } = properties as {
      ResponseTemplates: Record<string, string>;
      ResponseParameters: Record<string, string>;
      ResponseType: string;
      StatusCode: string;
    };
    const problem = JSON.parse(ResponseTemplates['application/json'] ?? '') as Record<string, unknown>;
    expect(Object.keys(problem)).toEqual(['type', 'title', 'status', 'detail', 'instance', 'correlationId']);
    expect(String(problem['status'])).toBe(StatusCode);
    expect(problem['correlationId']).toBe('$context.requestId');
    expect(ResponseParameters).toMatchObject({
      'gatewayresponse.header.Content-Type': "'application/problem+json'",
      'gatewayresponse.header.x-correlation-id': 'context.requestId',
    });
    // The response must not contain request data, which may be a card number or break the JSON.
    expect(JSON.stringify(problem)).not.toMatch(/\$context\.(path|error|identity)|\$input|method\.request/);
    return [ResponseType, [StatusCode, ResponseParameters['gatewayresponse.header.Retry-After']]] as const;
  });
  expect(Object.fromEntries(responses)).toMatchObject({
    THROTTLED: ['429', "'1'"],
    INVALID_API_KEY: ['403', undefined],
    WAF_FILTERED: ['403', undefined],
    MISSING_AUTHENTICATION_TOKEN: ['404', undefined],
    INTEGRATION_TIMEOUT: ['504', undefined],
    DEFAULT_4XX: ['400', undefined],
    DEFAULT_5XX: ['503', "'2'"],
  });
});

test('creates a new deployment only if a method changes', () => {
  const deploymentOf = (origin: object) =>
    new TemplateResources(edgeTier({ profile: 'metered' }, { ...behind, ...origin })).only(
      'AWS::ApiGateway::Deployment',
    )[0];
  const [current, { DependsOn }] = edge.only('AWS::ApiGateway::Deployment');
  expect(deploymentOf({})).toBe(current);
  expect(deploymentOf({ loadBalancerArn: `${loadBalancerArn}0` })).not.toBe(current);
  expect(deploymentOf({ host: 'other.example.com' })).not.toBe(current);
  for (const [id] of [...edge.entries('AWS::ApiGateway::Method'), ...edge.entries('AWS::ApiGateway::GatewayResponse')])
    expect(DependsOn).toContain(id);
});

test('puts the VPC link into the app subnets with the security group of the ingress', () => {
  expect(edge.only('AWS::ApiGatewayV2::VpcLink')[1].Properties).toMatchObject({
    Name: 'vpc-link-test1',
    SubnetIds: ['1', '2', '3'].map((zone) => `subnet-b${zone}`.padEnd(24, '0')),
    SecurityGroupIds: ['sg-0123456789abcdef5'],
  });
});
