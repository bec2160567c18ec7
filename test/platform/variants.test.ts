import { ConfigurationError } from '../../lib/config/configuration-error';
import { overrides } from '../support/profile-overrides';
import { testPlatform } from '../support/test-platform';

/** What the configuration error says of each field, for a profile that differs by `patch`. */
function refused(patch: object): Record<string, string> {
  try {
    testPlatform(overrides(patch));
    return {};
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return Object.fromEntries(error.problems.map(({ field, remedy }) => [field, remedy]));
  }
}

const shift = { kind: 'all-at-once' };
const rollback = { serverErrorPercent: 1, latencyP99Milliseconds: 1000 };

test.each([
  ['deployment.kind', { deployment: { kind: 'ecs-blue-green', trafficShift: shift, bakeMinutes: 5, rollback } }],
  ['deployment.kind', { deployment: { kind: 'rolling-update' } }],
  ['ingress.origin', { ingress: { origin: 'vpc-origin' } }],
])('%s: a variant that is not built is refused, not left out', (field, patch) => {
  expect(refused(patch)).toHaveProperty([field], expect.stringContaining('not built yet'));
});

test('another generation of the origin secret is another secret, and the rule of the listener asks for it', () => {
  const { compute } = testPlatform(overrides({ originSecretGeneration: 2 })).templates;
  const [secretId] =
    compute
      .entries('AWS::SecretsManager::Secret')
      .find(([, { Properties }]) => Properties['Name'] === 'origin2-secret-test1') ?? [];
  expect(secretId).toBeDefined();
  const [, { Properties: rule }] = compute.only('AWS::ElasticLoadBalancingV2::ListenerRule');
  expect(JSON.stringify(rule['Conditions'])).toContain(`{"Ref":"${String(secretId)}"}`);
});
