import { testPlatform } from '../support/test-platform';
import { overrides } from '../support/profile-overrides';
import type { TemplateResources } from '../support/template-resources';

const parts = { paymentQueue: { maxReceiveCount: 3 }, restoreDrill: { schedule: 'rate(1 day)' } };
const { templates, all } = testPlatform(overrides({ ...parts, observability: { tracing: { samplingPercent: 10 } } }));
const untraced = testPlatform(overrides(parts));

/** CDK’s own custom resources, which belong to the whole stack. */
const ofCdkItself = /^(AWS679f53fac002430cb0da5b7982bd2287|Custom)/;

const functionsOf = (resources: TemplateResources) =>
  resources.entries('AWS::Lambda::Function').filter(([id]) => !ofCdkItself.test(id));

describe.each(all.filter(({ resources }) => functionsOf(resources).length > 0))(
  'in the $tier tier',
  ({ resources }) => {
    test('traces every function, including those of the provider framework', () => {
      for (const [id, { Properties }] of functionsOf(resources))
        expect([id, Properties['TracingConfig']]).toEqual([id, { Mode: 'Active' }]);
    });

    test('grants tracing permissions before the function is created', () => {
      for (const [id, { Properties, DependsOn }] of functionsOf(resources)) {
        const {
          'Fn::GetAtt': [roleId],
        } = Properties['Role'] as { 'Fn::GetAtt': [string, string] };
        const grants = Object.entries(resources.all).filter(
          ([, { Properties: policy }]) =>
            JSON.stringify(policy['Roles'] ?? '').includes(`"Ref":"${roleId}"`) &&
            JSON.stringify(policy['PolicyDocument']).includes('"xray:PutTraceSegments"'),
        );
        expect([id, grants.length]).toEqual([id, 1]);
        expect(DependsOn).toEqual(expect.arrayContaining(grants.map(([policyId]) => policyId)));
      }
    });
  },
);

test('traces no function without tracing', () => {
  const functions = untraced.all.flatMap(({ resources }) => functionsOf(resources));
  expect(functions.length).toBeGreaterThan(5);
  for (const [id, { Properties }] of functions) expect([id, Properties['TracingConfig']]).toEqual([id, undefined]);
});

test('traces the payment consumer', () => {
  const names = functionsOf(templates.compute).map(([, { Properties }]) => Properties['FunctionName']);
  expect(names).toContain('payment-consumer-function-test1');
});

test('samples the configured share of requests of this environment only', () => {
  const rules = templates.observability.properties('AWS::XRay::SamplingRule').map(({ SamplingRule }) => SamplingRule);
  expect(rules).toMatchObject([
    { RuleName: 'api-sampling-rule-test1', ServiceName: '*-test1', FixedRate: 0.1, ReservoirSize: 0 },
    { RuleName: 'stage-sampling-rule-test1', ServiceName: '*-test1/*', FixedRate: 0.1, ReservoirSize: 0 },
  ]);
  expect(untraced.templates.observability.properties('AWS::XRay::SamplingRule')).toEqual([]);
});

test('includes the application name in each line of the database log', () => {
  const prefixes = (of: typeof templates) =>
    of.data
      .properties('AWS::RDS::DBClusterParameterGroup')
      .map(({ Parameters }) => (Parameters as Record<string, string>)['log_line_prefix']);
  expect(prefixes(templates)).toEqual(['%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:']);
  expect(prefixes(untraced.templates)).toEqual([undefined]);
});
