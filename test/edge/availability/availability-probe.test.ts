import { profileContexts } from '../../support/profile-contexts';
import { overrides } from '../../support/profile-overrides';
import { testPlatform } from '../../support/test-platform';

const edgeOf = (context: Readonly<Record<string, string>> = {}) => testPlatform(context).templates.edge;

/** The addresses that the function receives, with what a reference resolves to in its place. */
function targetsOf(context: Readonly<Record<string, string>> = {}) {
  const [, probe] = edgeOf(context)
    .entries('AWS::Lambda::Function')
    .filter(([id]) => id.startsWith('AvailabilityProbe'))[0] ?? [undefined, undefined];
  const { TARGETS } = (probe?.Properties['Environment'] as { Variables: { TARGETS: unknown } }).Variables;
  if (typeof TARGETS === 'string') return JSON.parse(TARGETS) as unknown;
  const parts = (TARGETS as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'REFERENCE')).join('')) as unknown;
}

test.each([
  [
    'flagship',
    [
      { url: 'https://REFERENCE/', expected: 200 },
      { url: 'https://REFERENCE/api/v1/payments', expected: 401 },
    ],
  ],
  [
    'storefront',
    [
      { url: 'https://pay.example.com/', expected: 200 },
      { url: 'https://pay.example.com/api/v1/payments', expected: 401 },
      { url: 'https://api.pay.example.com/health', expected: 200 },
    ],
  ],
  ['metered', [{ url: 'https://REFERENCE.execute-api.ap-southeast-1.REFERENCE/api/health', expected: 200 }]],
  ['partner', [{ url: 'https://pay.example.com', expected: 'tls-only' }]],
  ['compact', [{ url: 'https://pay.example.com/health', expected: 200 }]],
])('probes each public URL of %s', (profile, targets) => {
  expect(targetsOf(profileContexts[profile])).toEqual(targets);
});

test('pages after three failures in a row, and when the probe stops', () => {
  const alarm = edgeOf()
    .properties('AWS::CloudWatch::Alarm')
    .find(({ AlarmName }) => AlarmName === 'availability-alarm-test1');
  expect(alarm).toMatchObject({
    Metrics: expect.arrayContaining([
      expect.objectContaining({ Expression: 'IF(FILL(runs, 0) > 0, FILL(errors, 0), 1)' }),
    ]) as unknown,
    EvaluationPeriods: 4,
    DatapointsToAlarm: 3,
    Threshold: 1,
    TreatMissingData: 'breaching',
  });
});

test('runs once a minute without retries', () => {
  const edge = edgeOf();
  expect(edge.only('AWS::Events::Rule')[1].Properties).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    Targets: [{ RetryPolicy: { MaximumRetryAttempts: 0 } }],
  });
  expect(edge.only('AWS::Lambda::EventInvokeConfig')[1].Properties).toMatchObject({ MaximumRetryAttempts: 0 });
});

test('is omitted if the profile disables it', () => {
  const edge = edgeOf(overrides({ observability: { availabilityProbe: false } }));
  expect(edge.entries('AWS::Events::Rule')).toEqual([]);
});
