import { overrides } from '../support/profile-overrides';
import { profileContexts } from '../support/profile-contexts';
import { testPlatform } from '../support/test-platform';

const withCanary = (profile: string, everyMinutes = 5) =>
  testPlatform({ ...profileContexts[profile], ...overrides({ canary: { everyMinutes } }) });
const flagship = withCanary('flagship');

const actionsOf = ({ templates }: ReturnType<typeof testPlatform>) =>
  templates.observability
    .statementsOf('canary-role-test1')
    .flatMap(({ Action }) => Action)
    .sort();

const canaryOf = ({ templates }: ReturnType<typeof testPlatform>) => {
  const found = templates.observability
    .properties('AWS::Lambda::Function')
    .find(({ FunctionName }) => String(FunctionName).includes('canary'));
  if (!found) throw new Error('The platform has no canary.');
  return found;
};

test.each(Object.keys(profileContexts))('%s has none by default', (profile) => {
  const { all } = testPlatform(profileContexts[profile]);
  expect(JSON.stringify(all.map(({ resources }) => resources.all))).not.toMatch(/[cC]anary(Key|-key|Function)/);
});

test('calls the public address, from outside of the VPC', () => {
  const { Environment, VpcConfig } = canaryOf(flagship);
  const { Variables } = Environment as { Variables: Record<string, unknown> };
  // CloudFront is in another region than the function.
  expect(JSON.stringify(Variables['API_URL'])).toMatch(/https:\/\/.*Fn::GetStackOutput.*\/api\/v1/);
  expect(Variables).not.toHaveProperty('GATEWAY_KEY_ID');
  expect(VpcConfig).toBeUndefined();
});

test('runs as often as configured, without retries', () => {
  const { observability } = withCanary('flagship', 1).templates;
  const [, { Properties: rule }] = observability.only('AWS::Events::Rule');
  expect(rule).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    Targets: [{ RetryPolicy: { MaximumRetryAttempts: 0 } }],
  });
  const [, { Properties: invocation }] = observability.only('AWS::Lambda::EventInvokeConfig');
  expect(invocation['MaximumRetryAttempts']).toBe(0);
});

test('may read its own key, write its log, and nothing else', () => {
  expect(actionsOf(flagship)).toEqual([
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetSecretValue',
  ]);
});

test('has a key of the usage plan, and may read its value', () => {
  const metered = withCanary('metered');
  const { Variables } = canaryOf(metered)['Environment'] as { Variables: Record<string, unknown> };
  expect(Variables['GATEWAY_KEY_ID']).toEqual({ 'Fn::ImportValue': expect.stringContaining('CanaryKey') as string });
  expect(actionsOf(metered)).toContain('apigateway:GET');
  expect(metered.templates.edge.entries('AWS::ApiGateway::UsagePlanKey')).toHaveLength(2);
});

test('has a key that only migrations and the canary read', () => {
  const readers = flagship.all.flatMap(({ tier, resources }) =>
    ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy']
      .flatMap((type) => resources.properties(type))
      .filter(({ PolicyDocument }) => JSON.stringify(PolicyDocument).includes('CanaryKeySecret'))
      .map(() => tier),
  );
  expect(readers).toEqual(['compute', 'observability']);
});
